using Gatehouse.Net.Tls;
using Gatehouse.Pki.Storage;

namespace Gatehouse.Host.Tls;

/// <summary>The ticket keys in the state folder, for their owner alone: clients resume their sessions with the server that comes after this one.</summary>
internal sealed class TicketKeyFile(string state, IServerLog log) : ITicketKeyStore
{
    private readonly string _path = Path.Combine(state, "ticket-keys");
    private readonly Lock _writing = new();
    private byte[]? _latest;

    public byte[]? Load()
    {
        try
        {
            return OwnFiles.Read(_path, 4096);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.Warn($"ticket keys: {exception.Message}; new ones are made");
            return null;
        }
    }

    public void Save(byte[] content)
    {
        Volatile.Write(ref _latest, content);
        ThreadPool.UnsafeQueueUserWorkItem(static file => file.Write(), this, preferLocal: false);
    }

    // Whoever comes last writes what is newest.
    private void Write()
    {
        lock (_writing)
        {
            if (Interlocked.Exchange(ref _latest, null) is not { } content)
                return;
            try
            {
                OwnFiles.Write(_path, content);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                log.Warn($"ticket keys cannot be kept in {_path}: {exception.Message}; sessions will not outlive this process");
            }
        }
    }
}
