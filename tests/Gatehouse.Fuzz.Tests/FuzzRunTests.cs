using Gatehouse.Testing;

namespace Gatehouse.Fuzz.Tests;

/// <summary>The fuzzer finds planted faults and reports them so that they can be given again.</summary>
public sealed class FuzzRunTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Finds_a_fault_that_two_mutations_reach_and_makes_it_small()
    {
        var target = new Planted(["GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"], input =>
        {
            if (input.IndexOf("2147483648"u8) >= 0) throw new OverflowException("planted");
        });
        var failure = Run(target).Failure;
        Assert.NotNull(failure);
        Assert.Contains("planted", failure.Reason, StringComparison.Ordinal);
        Assert.Equal("2147483648"u8, File.ReadAllBytes(failure.File));
        Assert.Contains(failure.File, failure.Reproduction, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_a_parser_that_loses_a_carriage_return_between_two_reads()
    {
        // Counts line ends but forgets a CR at the end of a piece.
        static string Lines(IReadOnlyList<ReadOnlyMemory<byte>> pieces) => $"{pieces.Sum(piece => piece.Span.Count("\r\n"u8))} lines";
        Assert.NotNull(Run(new Planted(["a\r\nb\r\n"], input => SplitReplay.Require(input, Lines))).Failure);
    }

    [Fact]
    public void Finds_an_input_that_never_ends()
    {
        var target = new Planted(["a"], input =>
        {
            if (input.Length > 1) Thread.Sleep(Timeout.Infinite);
        });
        var failure = Run(target).Failure;
        Assert.NotNull(failure);
        Assert.Contains("did not end", failure.Reason, StringComparison.Ordinal);
        Assert.True(new FileInfo(failure.File).Length > 1);
    }

    [Fact]
    public void Passes_what_holds_and_leaves_no_file()
    {
        var seen = new HashSet<string>();
        var result = Run(new Planted(["a: 1\r\n", "b: 2\r\n"], input => seen.Add(Convert.ToHexString(input))), TimeSpan.FromSeconds(0.3));
        Assert.Null(result.Failure);
        Assert.InRange(seen.Count, result.Inputs / 2, result.Inputs);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void The_same_seed_gives_the_same_inputs()
    {
        List<string> Inputs()
        {
            var inputs = new List<string>();
            Run(new Planted(["a: 1\r\n"], input =>
            {
                if (inputs.Count == 500) throw new InvalidOperationException("enough");
                inputs.Add(Convert.ToHexString(input));
            }));
            return inputs[..500];
        }
        Assert.Equal(Inputs(), Inputs());
    }

    [Fact]
    public void The_record_of_a_crash_can_be_read_while_the_process_is_gone()
    {
        var path = _folder["crash.last"];
        using var record = new CrashRecord(path);
        record.Write([1, 2, 3, 4]);
        record.Write([7, 8]);
        File.Copy(path, _folder["copy.last"]);
        Assert.Equal([7, 8], CrashRecord.Read(_folder["copy.last"]));
    }

    private FuzzResult Run(IFuzzTarget target, TimeSpan? duration = null) => FuzzRun.Execute(target, new FuzzOptions
    {
        Duration = duration ?? TimeSpan.FromSeconds(30),
        Seed = 1,
        Failures = _folder.Path,
        InputLimit = TimeSpan.FromSeconds(1),
    });

    private sealed class Planted(string[] seeds, Planted.Body body) : IFuzzTarget
    {
        public delegate void Body(ReadOnlySpan<byte> input);

        public string Name => "planted";

        public IEnumerable<byte[]> Seeds => seeds.Select(System.Text.Encoding.Latin1.GetBytes);

        public void Run(ReadOnlySpan<byte> input) => body(input);
    }
}
