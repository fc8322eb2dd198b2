using Gatehouse.Protocols.Http2.Hpack;

namespace Gatehouse.Protocols.Tests.Http2;

/// <summary>The examples of RFC 7541 appendix C.</summary>
public sealed class HpackVectorTests
{
    [Theory]
    [InlineData(5, "0a", 10)]
    [InlineData(5, "1f9a0a", 1337)]
    [InlineData(8, "2a", 42)]
    public void C1_integers(int bits, string hex, int value)
    {
        var at = 0;
        Assert.True(HpackInteger.TryRead(Convert.FromHexString(hex), bits, ref at, out var read));
        Assert.Equal((value, hex.Length / 2), (read, at));
        var written = new byte[HpackInteger.MaxBytes];
        var size = HpackInteger.Write(written, bits, 0, value);
        Assert.Equal(hex, Convert.ToHexStringLower(written.AsSpan(0, size)));
    }

    [Theory]
    [InlineData("400a637573746f6d2d6b65790d637573746f6d2d686561646572", "custom-key: custom-header", 55)]
    [InlineData("040c2f73616d706c652f70617468", ":path: /sample/path", 0)]
    [InlineData("100870617373776f726406736563726574", "password: secret", 0)]
    [InlineData("82", ":method: GET", 0)]
    public void C2_single_fields(string hex, string field, int size)
    {
        var decoder = new HpackDecoder();
        Assert.Equal(field, Show(decoder, hex));
        Assert.Equal(size, decoder.TableSize);
    }

    [Theory]
    [InlineData("828684410f7777772e6578616d706c652e636f6d", "828684be58086e6f2d6361636865", "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565")]
    [InlineData("828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf", "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")]
    public void C3_and_C4_requests(string first, string second, string third)
    {
        var decoder = new HpackDecoder();
        Assert.Equal(":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com", Show(decoder, first));
        Assert.Equal(57, decoder.TableSize);
        Assert.Equal(":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com\ncache-control: no-cache", Show(decoder, second));
        Assert.Equal(110, decoder.TableSize);
        Assert.Equal(":method: GET\n:scheme: https\n:path: /index.html\n:authority: www.example.com\ncustom-key: custom-value", Show(decoder, third));
        Assert.Equal(164, decoder.TableSize);
    }

    [Theory]
    [InlineData(
        "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d",
        "4803333037c1c0bf",
        "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31")]
    [InlineData(
        "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3",
        "4883640effc1c0bf",
        "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007")]
    public void C5_and_C6_responses_with_eviction(string first, string second, string third)
    {
        const string Rest = "cache-control: private\ndate: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com";
        var decoder = new HpackDecoder(256);
        Assert.Equal(":status: 302\n" + Rest, Show(decoder, first));
        Assert.Equal(222, decoder.TableSize);
        Assert.Equal(":status: 307\n" + Rest, Show(decoder, second));
        Assert.Equal(222, decoder.TableSize);
        Assert.Equal(
            ":status: 200\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:22 GMT\nlocation: https://www.example.com\ncontent-encoding: gzip\n" +
            "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
            Show(decoder, third));
        Assert.Equal(215, decoder.TableSize);
    }

    private static string Show(HpackDecoder decoder, string hex) =>
        string.Join('\n', FieldList.Decode(decoder, Convert.FromHexString(hex)).Select(field => $"{field.Name}: {field.Value}"));
}
