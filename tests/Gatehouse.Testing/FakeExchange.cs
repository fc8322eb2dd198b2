using System.Buffers;
using System.Diagnostics;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Testing;

/// <summary>An exchange without a connection: a request made of strings, and an answer that is kept for the test to look at.</summary>
public sealed class FakeExchange : Exchange
{
    private readonly ArrayBufferWriter<byte> _sent = new();
    private byte[] _requestBody;
    private int _requestRead;
    private bool _isAborted;

    /// <summary>A request with these fields (a Host field is not added to them).</summary>
    public FakeExchange(string method = "GET", string target = "/", params (string Name, string Value)[] headers)
    {
        _requestBody = [];
        Restart(method, target, headers);
    }

    /// <inheritdoc/>
    public override Endpoint RemoteEndpoint => Remote;

    /// <inheritdoc/>
    public override Endpoint LocalEndpoint => new(IpAddress.FromV4(0x7F000001), 8080);

    /// <inheritdoc/>
    public override CancellationToken Aborted => new(IsAborted);

    /// <inheritdoc/>
    public override bool IsAborted => _isAborted || WasAborted;

    /// <summary>The peer.</summary>
    public Endpoint Remote { get; set; } = new(IpAddress.FromV4(0xC0000201), 40000);

    /// <summary>What the handler reads.</summary>
    public byte[] RequestBody
    {
        get => _requestBody;
        set
        {
            _requestBody = value;
            _requestRead = 0;
        }
    }

    /// <summary>The body as it was sent.</summary>
    public byte[] Sent => _sent.WrittenSpan.ToArray();

    /// <summary>True when the answer was ended.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>True when the answer was dropped.</summary>
    public bool WasAborted { get; private set; }

    /// <summary>Makes the exchange new for another request on the same connection.</summary>
    public void Restart(string method = "GET", string target = "/", params (string Name, string Value)[] headers)
    {
        ResetExchange();
        _sent.ResetWrittenCount();
        IsEnded = WasAborted = _isAborted = false;
        var line = $"{method} {target} ";
        var text = new StringBuilder(line);
        var starts = new int[headers.Length];
        for (var i = 0; i < headers.Length; i++)
        {
            starts[i] = text.Length;
            text.Append(headers[i].Name).Append(headers[i].Value);
        }
        var buffer = Encoding.Latin1.GetBytes(text.ToString());
        var fields = new HeaderTable();
        fields.Reset(buffer);
        var authority = default(Slice);
        for (var i = 0; i < headers.Length; i++)
        {
            var (name, value) = headers[i];
            var known = KnownHeaders.Find(Encoding.Latin1.GetBytes(name));
            fields.Add(known, starts[i], name.Length, starts[i] + name.Length, value.Length);
            if (known == KnownHeader.Host)
                authority = new Slice(starts[i] + name.Length, value.Length);
        }
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target.Length : query;
        var start = method.Length + 1;
        Request.SetLine(
            buffer,
            Enum.TryParse<Method>(method, ignoreCase: true, out var parsed) ? parsed : Method.Other,
            new Slice(0, method.Length),
            new Slice(start, target.Length),
            new Slice(start, path),
            query < 0 ? default : new Slice(start + query + 1, target.Length - query - 1),
            query >= 0,
            HttpVersion.Http11);
        Request.SetMessage(fields, authority, RequestBody.Length, expectsContinue: false, asksUpgrade: false);
        Request.Client = Remote;
        StartedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Has <paramref name="handler"/> answer and tells observers of the end, as a driver does; what the handler throws goes on to the test.</summary>
    public async Task ServeAsync(IHandler handler)
    {
        try
        {
            await handler.HandleAsync(this);
            if (Response is { HasStarted: false, HasBody: true })
                await SendAsync(Response.Body.WrittenMemory);
        }
        catch (Exception fault)
        {
            Notes.Failure ??= fault.Message;
            if (!Response.HasStarted)
                Response.Status = fault is BadRequestException bad ? bad.Status : 500;
            throw;
        }
        finally
        {
            TellObservers();
        }
    }

    /// <summary>Has the client's connection break.</summary>
    public void BreakConnection()
    {
        _isAborted = true;
        AbortObserver?.OnClientAborted();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        var count = Math.Min(buffer.Length, RequestBody.Length - _requestRead);
        RequestBody.AsMemory(_requestRead, count).CopyTo(buffer);
        _requestRead += count;
        return ValueTask.FromResult(count);
    }

    /// <inheritdoc/>
    public override ValueTask SendInterimAsync(int status, HeaderList headers) => default;

    /// <inheritdoc/>
    public override ValueTask<Duplex> UpgradeAsync() => throw new NotSupportedException("A fake exchange has no connection to hand over.");

    /// <inheritdoc/>
    public override void Abort() => WasAborted = true;

    /// <inheritdoc/>
    protected override ValueTask WriteCoreAsync(ReadOnlyMemory<byte> data, bool end)
    {
        if (IsEnded)
            throw new InvalidOperationException("The answer has ended.");
        _sent.Write(data.Span);
        Response.BodyBytes += data.Length;
        IsEnded = end;
        return default;
    }

    /// <inheritdoc/>
    protected override ValueTask SendFileCoreAsync(SafeFileHandle file, long offset, long count)
    {
        var part = new byte[count];
        var read = RandomAccess.Read(file, part, offset);
        return WriteCoreAsync(part.AsMemory(0, read), end: false);
    }
}
