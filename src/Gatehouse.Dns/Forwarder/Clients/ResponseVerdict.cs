namespace Gatehouse.Dns.Forwarder.Clients;

/// <summary>What becomes of an answer under the limit of responses.</summary>
internal enum ResponseVerdict
{
    /// <summary>It goes out.</summary>
    Send,

    /// <summary>It goes out empty, and asks to come over TCP.</summary>
    Cut,

    /// <summary>It is not sent.</summary>
    Drop,
}
