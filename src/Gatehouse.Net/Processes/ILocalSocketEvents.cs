namespace Gatehouse.Net.Processes;

/// <summary>Who owns a <see cref="LocalSocket"/>. Called on its reactor only; events are edges, as those of a transport.</summary>
public interface ILocalSocketEvents
{
    /// <summary>Something, the end or an error can be received.</summary>
    void OnReceivable();

    /// <summary>A send that had to wait can be tried again.</summary>
    void OnSendable();
}
