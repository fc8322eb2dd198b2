using Gatehouse.Load.Report;
using Gatehouse.Load.Results;

namespace Gatehouse.Load.Tests.Report;

public sealed class ReportTests
{
    private static readonly LoadResult Result = new()
    {
        Requests = 1000,
        Seconds = 2,
        Errors = Enum.GetValues<LoadFault>().ToDictionary(fault => fault, fault => fault == LoadFault.Timeout ? 10L : 0),
        Statuses = [0, 1000, 0, 0, 0],
        Bytes = 5000,
        Latency = Latency(1500),
        Service = Latency(1000),
        Series = [new LoadSecond(0, 400, 0, 900, 2000), new LoadSecond(1, 600, 10, 1000, 3000)],
        AskedRate = 500,
        Warnings = ["<b>busy</b>"],
    };

    [Theory]
    [InlineData("p50<2ms", true)]
    [InlineData("p50 <= 1500us", true)]
    [InlineData("p50<1ms", false)]
    [InlineData("p99.9>0.001s", true)]
    [InlineData("mean==1500us", true)]
    [InlineData("rps>=500", true)]
    [InlineData("rps>500", false)]
    [InlineData("errors==0", false)]
    [InlineData("errors<11", true)]
    [InlineData("error-rate<1%", true)]
    [InlineData("error-rate<0.5%", false)]
    public void A_condition_holds_or_not(string text, bool holds)
    {
        Assert.True(Assertion.TryParse(text, out var assertion, out _));
        Assert.Equal(holds, assertion.Check(Result) is null);
    }

    [Theory]
    [InlineData("p50")]
    [InlineData("p50<2")]
    [InlineData("p101<2ms")]
    [InlineData("p50<2%")]
    [InlineData("errors<2ms")]
    [InlineData("rps>1e9")]
    [InlineData("speed>1")]
    [InlineData("")]
    public void What_is_no_condition_is_refused(string text)
    {
        Assert.False(Assertion.TryParse(text, out _, out var fault));
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void What_is_saved_is_read_again()
    {
        var file = new MemoryStream();
        ResultJson.Write(file, [Result]);
        file.Position = 0;
        var read = ResultJson.Read(file);
        Assert.Equal((Result.Requests, Result.Seconds, Result.Failures), (read.Requests, read.Seconds, read.Failures));
        Assert.Equal(Result.Latency.Percentiles, read.Latency.Percentiles);
        Assert.DoesNotContain("new", ResultText.Comparison(read, Result), StringComparison.Ordinal);
        Assert.Contains("0.0%", ResultText.Comparison(read, Result), StringComparison.Ordinal);
        Assert.Contains("+100.0%", ResultText.Comparison(read, Result with { Latency = Latency(3000) }), StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => ResultJson.Read(new MemoryStream("{\"requests\": 1}"u8.ToArray())));
        Assert.Throws<InvalidDataException>(() => ResultJson.Read(new MemoryStream("no json"u8.ToArray())));
    }

    [Fact]
    public void The_page_has_plots_and_no_foreign_markup()
    {
        var page = HtmlReport.Of("Load on <script>", [Result]);
        Assert.Equal(3, page.Split("<svg").Length - 1);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", HtmlReport.Of("nothing", [new LoadResult { Statuses = [0, 0, 0, 0, 0] }]), StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_end_where_the_rate_is_no_longer_kept()
    {
        var kept = Result with { Errors = new Dictionary<LoadFault, long>() };
        var table = ResultText.Steps([kept with { AskedRate = 100 }, kept with { AskedRate = 500 }, kept with { AskedRate = 900 }]);
        Assert.Contains("Kept up to 500 requests/s.", table, StringComparison.Ordinal);
        Assert.Contains("Not even", ResultText.Steps([Result]), StringComparison.Ordinal);
    }

    private static Latencies Latency(double microseconds) => new()
    {
        Min = microseconds,
        Mean = microseconds,
        Max = microseconds,
        Percentiles = Latencies.Shown.ToDictionary(percentile => percentile, _ => microseconds),
    };
}
