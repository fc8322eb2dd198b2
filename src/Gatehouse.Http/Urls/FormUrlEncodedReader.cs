namespace Gatehouse.Http.Urls;

/// <summary>
/// Reads name and value pairs of application/x-www-form-urlencoded (WHATWG URL standard, section 5.1) from a query or a body, without allocating. A body
/// that arrives in pieces is read with <c>isFinal: false</c>: a pair is then read once its separator is there, and what is behind <see cref="Consumed"/>
/// goes in front of the next piece.
/// </summary>
/// <param name="bytes">The query or body, or the part of it that is there.</param>
/// <param name="isFinal">True when nothing follows.</param>
/// <param name="maxPairs">The most pairs to read; further ones are refused.</param>
public ref struct FormUrlEncodedReader(ReadOnlySpan<byte> bytes, bool isFinal = true, int maxPairs = FormUrlEncodedReader.DefaultMaxPairs)
{
    /// <summary>Pairs that are read unless told otherwise: PHP's max_input_vars and Django's DATA_UPLOAD_MAX_NUMBER_FIELDS have the same default.</summary>
    public const int DefaultMaxPairs = 1000;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly bool _isFinal = isFinal;
    private readonly int _maxPairs = maxPairs;

    /// <summary>The number of bytes read.</summary>
    public int Consumed { get; private set; }

    /// <summary>The number of pairs read.</summary>
    public int Pairs { get; private set; }

    /// <summary>
    /// Reads the next pair; false at the end, or when the next pair is not there as a whole. An empty sequence between separators is no pair.
    /// </summary>
    /// <exception cref="BadRequestException">There are more pairs than allowed.</exception>
    public bool TryRead(out FormUrlEncodedPair pair)
    {
        while (Consumed < _bytes.Length)
        {
            var rest = _bytes[Consumed..];
            var end = rest.IndexOf((byte)'&');
            if (end < 0 && !_isFinal)
                break;
            var sequence = end < 0 ? rest : rest[..end];
            Consumed += end < 0 ? rest.Length : end + 1;
            if (sequence.IsEmpty)
                continue;
            if (Pairs == _maxPairs)
                throw new BadRequestException($"An urlencoded form may have at most {_maxPairs} fields; this one has more.");
            Pairs++;
            var equals = sequence.IndexOf((byte)'=');
            pair = equals < 0 ? new(sequence, default) : new(sequence[..equals], sequence[(equals + 1)..]);
            return true;
        }
        pair = default;
        return false;
    }
}
