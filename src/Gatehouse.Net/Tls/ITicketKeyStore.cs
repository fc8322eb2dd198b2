namespace Gatehouse.Net.Tls;

/// <summary>Where ticket keys outlive their process.</summary>
public interface ITicketKeyStore
{
    /// <summary>What was last saved; null when there is nothing, or nothing that can be read. Called once, when keys are made.</summary>
    byte[]? Load();

    /// <summary>Keeps the keys. Called on any thread, a reactor's too, so it must not wait for a disk; what cannot be saved is the store's to report.</summary>
    void Save(byte[] content);
}
