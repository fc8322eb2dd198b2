using System.Globalization;

namespace Gatehouse.Fuzz.Tests;

/// <summary>
/// Each target for GATEHOUSE_FUZZ_SECONDS (five by default), from another seed at each run: a failure names its input and how to give it again.
/// </summary>
public sealed class FuzzTargetsTests
{
    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(target => target.Name)];

    private static TimeSpan Duration =>
        TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("GATEHOUSE_FUZZ_SECONDS") ?? "5", CultureInfo.InvariantCulture));

    [Theory]
    [MemberData(nameof(Names))]
    public void Survives(string name)
    {
        var target = FuzzTargets.Find(name)!;
        var result = FuzzRun.Execute(target, new FuzzOptions { Duration = Duration });
        Assert.True(result.Failure is null, result.Failure?.ToString());
        Assert.True(result.Inputs > target.Seeds.Count(), $"Seeds alone took the time: {result.Inputs} inputs.");
    }

    [Fact]
    public void Each_has_seeds_and_a_name_of_its_own()
    {
        Assert.All(FuzzTargets.All, target => Assert.NotEmpty(target.Seeds));
        Assert.Equal(FuzzTargets.All.Count, FuzzTargets.All.Select(target => target.Name).Distinct().Count());
    }
}
