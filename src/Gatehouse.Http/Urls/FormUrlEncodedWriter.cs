using System.Buffers;
using System.Text;

namespace Gatehouse.Http.Urls;

/// <summary>Writes name and value pairs as application/x-www-form-urlencoded (WHATWG URL standard, section 5.2).</summary>
/// <param name="output">Where the pairs go.</param>
public sealed class FormUrlEncodedWriter(IBufferWriter<byte> output)
{
    private bool _isSeparated;

    /// <summary>Writes a pair, behind an ampersand unless it is the first.</summary>
    public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_isSeparated)
            output.Write("&"u8);
        _isSeparated = true;
        WriteEncoded(name);
        output.Write("="u8);
        WriteEncoded(value);
    }

    /// <summary>Writes a pair in UTF-8; a lone surrogate becomes U+FFFD.</summary>
    public void Write(string name, string value) => Write(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));

    private void WriteEncoded(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var space = bytes.IndexOf((byte)' ');
            PercentEncoding.Encode(space < 0 ? bytes : bytes[..space], PercentEncodeSet.FormUrlEncoded, output);
            if (space < 0)
                return;
            output.Write("+"u8);
            bytes = bytes[(space + 1)..];
        }
    }
}
