using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Gatehouse.Net.Interop;
using Gatehouse.Protocols.Tls;

namespace Gatehouse.Net.Tls;

/// <summary>Takes out of libssl what both sides have agreed on.</summary>
internal static class HandshakeFacts
{
    private static readonly ConcurrentDictionary<nint, string> CipherNames = new();

    /// <summary>What a handshake that is over has agreed on.</summary>
    internal static TlsFacts Of(SslConnection ssl, IReadOnlyList<string> protocols, string? name, TlsSite? site)
    {
        var peer = site is { ClientAuth: TlsClientAuth.Off } ? null : ssl.PeerCertificate();
        return new TlsFacts
        {
            Version = ssl.Version == SslConstants.Tls13 ? "TLSv1.3" : "TLSv1.2",
            CipherSuite = CipherNames.GetOrAdd(ssl.CipherName, static pointer => Marshal.PtrToStringUTF8(pointer) ?? ""),
            Protocol = ProtocolOf(ssl.Protocol, protocols),
            ServerName = name,
            IsResumed = ssl.IsResumed,
            ClientScope = site?.ClientScope ?? "",
            Peer = peer is null ? null : new TlsPeer(peer),
        };
    }

    private static string? ProtocolOf(ReadOnlySpan<byte> agreed, IReadOnlyList<string> protocols)
    {
        for (var i = 0; i < protocols.Count && !agreed.IsEmpty; i++)
        {
            if (System.Text.Ascii.Equals(agreed, protocols[i]))
                return protocols[i];
        }

        return null;
    }
}
