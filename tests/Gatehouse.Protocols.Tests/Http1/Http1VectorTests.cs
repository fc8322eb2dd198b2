using Gatehouse.Testing;

namespace Gatehouse.Protocols.Tests.Http1;

/// <summary>Replays the vectors beside this file; their README.md has the format.</summary>
public sealed class Http1VectorTests
{
    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder(), "*.http").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_vector_is_read_as_expected(string name)
    {
        var wire = File.ReadAllBytes(Path.Combine(Folder(), name + ".http"));
        var expected = File.ReadAllText(Path.Combine(Folder(), name + ".expected"));
        Method[] methods = [];
        if (expected.StartsWith("to ", StringComparison.Ordinal))
        {
            var end = expected.IndexOf('\n', StringComparison.Ordinal);
            methods = [.. expected[3..end].Split(' ').Select(method => Methods.Find(Wire.Bytes(method)))];
            expected = expected[(end + 1)..];
        }

        var read = name.StartsWith("request-", StringComparison.Ordinal) ? Wire.Requests(wire) : Wire.Responses(wire, null, methods);

        Assert.Equal(expected, read.Describe());
        foreach (var pieces in Splits.EveryCut(wire))
        {
            var cut = name.StartsWith("request-", StringComparison.Ordinal) ? MessageReader.Requests(pieces) : MessageReader.Responses(pieces, null, methods);
            Assert.Equal(expected, cut.Describe());
        }
    }

    private static string Folder() => Path.Combine(Repository.Root, "tests", "Gatehouse.Protocols.Tests", "Http1", "Vectors");
}
