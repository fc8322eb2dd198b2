namespace Gatehouse.Http.Content;

/// <summary>What decoding may grow to, against small bodies that unpack to gigabytes.</summary>
/// <param name="MaxLength">Bytes of decoded content, at most.</param>
/// <param name="MaxRatio">
/// How many times longer than its coded form the content may be, counted from its first <see cref="FreeLength"/> on. Markup reaches 20, logs 50; gzip cannot
/// exceed 1032, the others can.
/// </param>
public readonly record struct DecodingLimits(long MaxLength, int MaxRatio = 200)
{
    /// <summary>Decoded bytes to which the ratio does not apply: a short run of zeros is no attack.</summary>
    public const int FreeLength = 1024 * 1024;
}
