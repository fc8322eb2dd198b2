using System.IO.Pipelines;
using Gatehouse.AspNetCore.Headers;
using Gatehouse.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.AspNetCore.Requests;

/// <summary>The answer's side: its head, its body, what is behind it, and who wants to be told.</summary>
internal abstract partial class ApplicationRequest : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpResponseTrailersFeature
{
    private readonly ResponseHeaders _responseHeaders = new();
    private readonly Stream _responseStream;
    private ResponseHeaders? _trailers;
    private IHeaderDictionary? _otherResponseHeaders;
    private IHeaderDictionary? _otherTrailers;
    private Stack<(Func<object, Task> Callback, object State)>? _onStarting;
    private Stack<(Func<object, Task> Callback, object State)>? _onCompleted;
    private string? _reason;
    private int _status = StatusCodes.Status200OK;
    private bool _hasSentFile;

    /// <summary>True once the head can no longer be changed.</summary>
    public bool HasStarted { get; private set; }

    public int StatusCode
    {
        get => _status;
        set
        {
            ThrowIfStarted(nameof(StatusCode));
            _status = value;
        }
    }

    // The engine writes the phrase of the status; clients do not read it (RFC 9112 section 4), and HTTP/2 has none.
    public string? ReasonPhrase
    {
        get => _reason;
        set
        {
            ThrowIfStarted(nameof(ReasonPhrase));
            _reason = value;
        }
    }

    IHeaderDictionary IHttpResponseFeature.Headers { get => _otherResponseHeaders ?? _responseHeaders; set => _otherResponseHeaders = value; }

    [Obsolete("Use IHttpResponseBodyFeature.Stream instead.")]
    Stream IHttpResponseFeature.Body { get => _responseStream; set => throw new NotSupportedException("Set IHttpResponseBodyFeature instead."); }

    Stream IHttpResponseBodyFeature.Stream => _responseStream;

    PipeWriter IHttpResponseBodyFeature.Writer => _responseBody;

    IHeaderDictionary IHttpResponseTrailersFeature.Trailers
    {
        get => _otherTrailers ?? (_trailers ??= new ResponseHeaders());
        set => _otherTrailers = value;
    }

    // The status says that there is none, or its client asked for the head alone.
    private bool HasNoBody => Method == "HEAD" || IsBodyless(_status);

    public void OnStarting(Func<object, Task> callback, object state)
    {
        ThrowIfStarted("an OnStarting callback");
        (_onStarting ??= new()).Push((callback, state));
    }

    public void OnCompleted(Func<object, Task> callback, object state) => (_onCompleted ??= new()).Push((callback, state));

    public void DisableBuffering()
    {
        // Nothing is held back behind a flush.
    }

    /// <summary>Fixes the head. It goes out with what is flushed next, or with the end.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (HasStarted)
            return Task.CompletedTask;
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        if (_onStarting is { Count: > 0 })
            return StartSlowlyAsync();
        WriteHead();
        return Task.CompletedTask;
    }

    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        var length = RandomAccess.GetLength(file);
        if (offset < 0 || offset > length)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The file has {length} bytes.");
        if (count is { } asked && (asked < 0 || asked > length - offset))
            throw new ArgumentOutOfRangeException(nameof(count), count, $"The file has {length} bytes.");
        var part = count ?? (length - offset);
        CheckBodyLength(_responseBody.Written + part);
        await StartAsync(cancellationToken);
        if (_responseBody.UnflushedBytes > 0)
            await _responseBody.FlushAsync(cancellationToken);
        await _responseBody.WaitUntilSentAsync();
        if (IsAborted || _responseBody.IsEnding)
            return;
        _hasSentFile = true;
        using (cancellationToken.UnsafeRegister(static state => ((ApplicationRequest)state!).Abort(), this))
        {
            try
            {
                await _exchange.SendFileAsync(file, offset, part);
            }
            catch (BadRequestException fault) when (fault.Status == 499)
            {
                _isAborted = true;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Ends the answer while the application goes on.</summary>
    public async Task CompleteAsync()
    {
        if (_responseBody.IsEnding)
            return;
        await StartAsync();
        if (LengthFault() is { } fault)
            throw fault;
        WriteTrailers();
        _responseBody.End();
    }

    /// <summary>Throws when the body becomes longer than its head says.</summary>
    public void CheckBodyLength(long length)
    {
        if (length == 0 || Method == "HEAD")
            return;
        if (IsBodyless(_status))
            throw new InvalidOperationException($"Writing to the response body is invalid for responses with status code {_status}.");
        if (_responseHeaders.ContentLength is { } announced && length > announced)
            throw new InvalidOperationException($"Response Content-Length mismatch: too many bytes written ({length} of {announced}).");
    }

    private async Task StartSlowlyAsync()
    {
        while (_onStarting!.TryPop(out var callback))
            await callback.Callback(callback.State);
        if (!HasStarted)
            WriteHead();
    }

    private void WriteHead()
    {
        HasStarted = true;
        var response = _exchange.Response;
        if (_otherResponseHeaders is not null)
        {
            foreach (var field in _otherResponseHeaders)
                _responseHeaders[field.Key] = field.Value;
        }
        response.Status = _status;
        _responseHeaders.WriteTo(response);
    }

    private void WriteTrailers()
    {
        if (_otherTrailers is not null)
        {
            _trailers ??= new ResponseHeaders();
            foreach (var field in _otherTrailers)
                _trailers[field.Key] = field.Value;
        }
        _trailers?.WriteTrailersTo(_exchange.Response);
    }

    private void ResetResponse()
    {
        HasStarted = _hasSentFile = false;
        _status = StatusCodes.Status200OK;
        _reason = null;
        _otherResponseHeaders = null;
        _otherTrailers = null;
        _onStarting?.Clear();
        _onCompleted?.Clear();
    }

    private void ThrowIfStarted(string what)
    {
        if (HasStarted)
            throw new InvalidOperationException($"{what} cannot be set because the response has already started.");
    }

    private static bool IsBodyless(int status) => status is < 200 or StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified;
}
