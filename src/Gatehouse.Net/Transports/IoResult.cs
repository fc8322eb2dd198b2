namespace Gatehouse.Net.Transports;

/// <summary>
/// What one non-blocking operation of a <see cref="Transport"/> did: moved bytes, would have had to wait, met the end, or failed with an errno.
/// </summary>
public readonly struct IoResult : IEquatable<IoResult>
{
    private const int WouldBlockCode = -1;
    private const int EndCode = -2;
    private const int FailureBase = -16;
    private readonly int _code;

    private IoResult(int code) => _code = code;

    /// <summary>The operation would have had to wait; an event follows when it is worth trying again.</summary>
    public static IoResult WouldBlock => new(WouldBlockCode);

    /// <summary>The peer has ended its side of the stream.</summary>
    public static IoResult EndOfStream => new(EndCode);

    /// <summary><paramref name="count"/> bytes were moved.</summary>
    public static IoResult Done(int count) => new(count);

    /// <summary>The operation failed for good with this errno.</summary>
    public static IoResult Failure(int errno) => new(FailureBase - errno);

    /// <summary>True when bytes were moved.</summary>
    public bool IsDone => _code >= 0;

    /// <summary>True when the operation would have had to wait.</summary>
    public bool IsWouldBlock => _code == WouldBlockCode;

    /// <summary>True when the peer has ended its side.</summary>
    public bool IsEndOfStream => _code == EndCode;

    /// <summary>True when the transport is broken.</summary>
    public bool IsFailure => _code <= FailureBase;

    /// <summary>Bytes moved; 0 unless <see cref="IsDone"/>.</summary>
    public int Count => _code > 0 ? _code : 0;

    /// <summary>The errno of a failure; 0 otherwise.</summary>
    public int Errno => _code <= FailureBase ? FailureBase - _code : 0;

    /// <inheritdoc/>
    public bool Equals(IoResult other) => _code == other._code;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IoResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _code;

    /// <inheritdoc/>
    public override string ToString() => IsDone ? $"{_code} bytes" : IsWouldBlock ? "would block" : IsEndOfStream ? "end of stream" : $"errno {Errno}";

    /// <summary>Same outcome.</summary>
    public static bool operator ==(IoResult left, IoResult right) => left._code == right._code;

    /// <summary>Other outcome.</summary>
    public static bool operator !=(IoResult left, IoResult right) => left._code != right._code;
}
