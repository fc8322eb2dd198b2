using Gatehouse.Net.Files;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Gateways.Peers;

/// <summary>Which files are scripts that exist, as each reactor knows it: what the file system said is good for a second.</summary>
internal static class ScriptFacts
{
    private const long GoodMilliseconds = 1000;

    // A server has some hundred scripts; who asks for names that do not exist empties the table now and then.
    private const int MaxKnown = 4096;

    [ThreadStatic]
    private static Dictionary<byte[], (bool Exists, long AskedAt)>? _known;

    /// <summary>What is known of a script below a folder; false when nothing is.</summary>
    public static bool TryRecall(ReadOnlySpan<byte> root, ReadOnlySpan<byte> script, out bool exists)
    {
        exists = false;
        if (_known is null)
            return false;
        Span<byte> file = root.Length + script.Length <= 1024 ? stackalloc byte[1024] : new byte[root.Length + script.Length];
        file = file[..(root.Length + script.Length)];
        root.CopyTo(file);
        script.CopyTo(file[root.Length..]);
        if (!_known.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(file, out var fact) || Reactor.Current!.Now - fact.AskedAt > GoodMilliseconds)
            return false;
        exists = fact.Exists;
        return true;
    }

    /// <summary>Asks the file system, on the I/O pool.</summary>
    /// <exception cref="IOException">The folder cannot be opened, or too much waits for the disk.</exception>
    public static async ValueTask AskAsync(string root, byte[] rootBytes, byte[] script)
    {
        var exists = await new Question(root, script).AskAsync();
        _known ??= new Dictionary<byte[], (bool, long)>(new ByBytes());
        if (_known.Count >= MaxKnown)
            _known.Clear();
        _known[[.. rootBytes, .. script]] = (exists, Reactor.Current!.Now);
    }

    private sealed class Question(string root, byte[] script) : IoWork
    {
        private readonly ReactorWait<bool> _done = new();
        private bool _exists;

        public ValueTask<bool> AskAsync()
        {
            _done.Begin(resumeInline: true);
            return IoPool.Shared.TryRun(this, Reactor.Current!) ? _done.Task : throw new IOException("too many files wait to be looked at");
        }

        protected override void Execute()
        {
            using var folder = FileRoot.Open(root);
            _exists = folder.TryDescribe(script.AsSpan(1), out var facts) == 0 && facts.Kind == FileKind.Regular;
        }

        protected override void Complete(Exception? failure)
        {
            if (failure is null)
                _done.SetResult(_exists);
            else
                _done.SetException(failure);
        }
    }

    private sealed class ByBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
