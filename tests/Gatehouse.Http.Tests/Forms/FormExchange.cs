using System.Text;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Http.Tests.Forms;

/// <summary>An exchange whose request has given fields and a body; nothing can be answered.</summary>
internal sealed class FormExchange : Exchange
{
    private readonly PiecesBody _body;

    /// <param name="fields">Lines of the form "Name: value".</param>
    /// <param name="contentLength">As the message says; -1 when it does not.</param>
    /// <param name="body">The body.</param>
    public FormExchange(string[] fields, long contentLength, params ReadOnlyMemory<byte>[] body)
    {
        _body = new PiecesBody(body);
        var bytes = Encoding.ASCII.GetBytes(string.Concat(fields));
        var headers = new HeaderTable();
        headers.Reset(bytes);
        var start = 0;
        foreach (var field in fields)
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            headers.Add(KnownHeaders.Find(bytes.AsSpan(start, colon)), start, colon, start + colon + 2, field.Length - colon - 2);
            start += field.Length;
        }
        Request.SetMessage(headers, default, contentLength, expectsContinue: false, asksUpgrade: false);
    }

    public override Endpoint RemoteEndpoint => default;

    public override Endpoint LocalEndpoint => default;

    public override bool IsAborted => false;

    public override CancellationToken Aborted => default;

    /// <summary>How often the body was read.</summary>
    public int Reads { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        Reads++;
        return _body.ReadAsync(buffer);
    }

    public override ValueTask SendInterimAsync(int status, HeaderList headers) => throw new NotSupportedException();

    public override ValueTask<Duplex> UpgradeAsync() => throw new NotSupportedException();

    public override void Abort() => throw new NotSupportedException();

    protected override ValueTask WriteCoreAsync(ReadOnlyMemory<byte> data, bool end) => throw new NotSupportedException();

    protected override ValueTask SendFileCoreAsync(SafeFileHandle file, long offset, long count) => throw new NotSupportedException();
}
