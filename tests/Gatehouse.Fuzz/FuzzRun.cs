using System.Diagnostics;
using Gatehouse.Fuzz.Mutations;

namespace Gatehouse.Fuzz;

/// <summary>
/// Gives a target its seeds, then mutations of them until the time is over or one fails. The target works on a thread of its own while this one watches the
/// clock, so that an input that never ends is a failure as well. The input under way also stands in a file that outlives a crash of the process.
/// </summary>
public sealed class FuzzRun
{
    private readonly IFuzzTarget _target;
    private readonly FuzzOptions _options;
    private readonly Mutator _mutator;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private byte[] _current = [];
    private long _startedAt;
    private long _inputs;
    private Exception? _fault;

    private FuzzRun(IFuzzTarget target, FuzzOptions options)
    {
        _target = target;
        _options = options;
        _mutator = new Mutator([.. target.Seeds, .. options.Corpus], new Random(options.Seed));
    }

    /// <summary>Fuzzes a target.</summary>
    public static FuzzResult Execute(IFuzzTarget target, FuzzOptions options) => new FuzzRun(target, options).Execute();

    private FuzzResult Execute()
    {
        Directory.CreateDirectory(_options.Failures);
        var worker = new Thread(Work) { IsBackground = true, Name = $"fuzz {_target.Name}" };
        worker.Start();
        while (!worker.Join(100))
        {
            var started = Volatile.Read(ref _startedAt);
            if (_clock.Elapsed.TotalMilliseconds - started > _options.InputLimit.TotalMilliseconds) return Result(Hung());
        }
        return Result(_fault is null ? null : Failed(_fault));
    }

    private void Work()
    {
        using var record = new CrashRecord(Path.Combine(_options.Failures, $"{_target.Name}.last"));
        try
        {
            foreach (var seed in _mutator.Seeds) Give(seed, record);
            while (_clock.Elapsed < _options.Duration) Give(_mutator.Next(), record);
        }
        catch (Exception e)
        {
            _fault = e;
        }
    }

    private void Give(byte[] input, CrashRecord record)
    {
        _current = input;
        record.Write(input);
        Volatile.Write(ref _startedAt, _clock.ElapsedMilliseconds);
        _inputs++;
        _target.Run(input);
    }

    private FuzzResult Result(FuzzFailure? failure) => new(_target.Name, _options.Seed, _inputs, failure);

    private FuzzFailure Hung() => Report(_current, $"did not end within {_options.InputLimit.TotalSeconds} s");

    private FuzzFailure Failed(Exception fault) => Report(Minimizer.Minimize(_target, _current, fault.GetType()), fault.ToString());

    private FuzzFailure Report(byte[] input, string reason)
    {
        var file = Path.Combine(_options.Failures, $"{_target.Name}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(input))[..12]}.bin");
        File.WriteAllBytes(file, input);
        return new FuzzFailure(_target.Name, file, reason);
    }
}
