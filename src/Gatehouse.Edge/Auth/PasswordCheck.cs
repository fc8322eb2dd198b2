using Gatehouse.Net.Files;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Edge.Auth;

/// <summary>
/// One slow check of a password, on threads of its own: at most half of the cores, so that guessing leaves the rest to the others, and with a bounded queue.
/// </summary>
internal sealed class PasswordCheck : IoWork
{
    private const int MostWaiting = 128;
    private static readonly Lazy<IoPool> Pool = new(() => new IoPool(Math.Max(1, Environment.ProcessorCount / 2), MostWaiting));

    private readonly ReactorWait<bool> _done = new();
    private readonly PasswordHash _hash;
    private readonly byte[] _password;
    private bool _isRight;

    private PasswordCheck(PasswordHash hash, byte[] password)
    {
        _hash = hash;
        _password = password;
    }

    /// <summary>Begins a check, which completes on this reactor. False when too many wait.</summary>
    public static bool TryStart(PasswordHash hash, byte[] password, out ValueTask<bool> result)
    {
        var check = new PasswordCheck(hash, password);
        check._done.Begin(resumeInline: true);
        result = check._done.Task;
        return Pool.Value.TryRun(check, Reactor.Current!);
    }

    protected override void Execute() => _isRight = _hash.Verify(_password);

    protected override void Complete(Exception? failure)
    {
        if (failure is not null)
            _done.SetException(failure);
        else
            _done.SetResult(_isRight);
    }
}
