using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Http.Forms;

/// <summary>
/// Writes a multipart/form-data body (RFC 7578) as browsers do (WHATWG HTML, multipart/form-data encoding algorithm): UTF-8, and a double quote, CR and LF in
/// a name as %22, %0D and %0A. Values and contents are written as they are.
/// </summary>
public sealed class MultipartWriter
{
    private readonly IBufferWriter<byte> _output;
    private readonly byte[] _boundary;
    private bool _isInFile;
    private bool _isFinished;

    /// <summary>Makes a writer with a boundary of 128 random bits, which no content has by chance.</summary>
    /// <param name="output">Takes the body.</param>
    public MultipartWriter(IBufferWriter<byte> output)
        : this(output, "----GatehouseFormBoundary" + RandomNumberGenerator.GetHexString(32, lowercase: true))
    {
    }

    /// <summary>Makes a writer with a given boundary, which no content may have.</summary>
    /// <param name="output">Takes the body.</param>
    /// <param name="boundary">1 to 70 bchars that do not end in a space (RFC 2046 section 5.1.1).</param>
    /// <exception cref="ArgumentException">The boundary is not of that form.</exception>
    public MultipartWriter(IBufferWriter<byte> output, string boundary)
    {
        _output = output;
        _boundary = Encoding.UTF8.GetBytes(boundary);
        if (!MultipartReader.IsBoundary(_boundary))
            throw new ArgumentException("A boundary must be 1 to 70 bchars (RFC 2046 section 5.1.1) that do not end in a space.", nameof(boundary));
        ContentType = $"multipart/form-data; boundary=\"{boundary}\"";
    }

    /// <summary>The Content-Type field's value for the body.</summary>
    public string ContentType { get; }

    /// <summary>Writes a field.</summary>
    /// <exception cref="ArgumentException">The name has a control character other than CR, LF and HTAB.</exception>
    public void WriteField(string name, string value)
    {
        BeginPart(name);
        _output.Write("\r\n\r\n"u8);
        Encoding.UTF8.GetBytes(value, _output);
        _output.Write("\r\n"u8);
    }

    /// <summary>Writes a file.</summary>
    /// <exception cref="ArgumentException">A name has a control character other than CR, LF and HTAB, or the content type any.</exception>
    public void WriteFile(string name, string fileName, string contentType, ReadOnlySpan<byte> content)
    {
        BeginFile(name, fileName, contentType);
        _output.Write(content);
        EndFile();
    }

    /// <summary>Writes the head of a file. The content goes to the output, or wherever the output's bytes go, before <see cref="EndFile"/>.</summary>
    /// <exception cref="ArgumentException">A name has a control character other than CR, LF and HTAB, or the content type any.</exception>
    public void BeginFile(string name, string fileName, string contentType)
    {
        Check(fileName, nameof(fileName));
        if (contentType.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            throw new ArgumentException("A content type must be printable ASCII.", nameof(contentType));
        BeginPart(name);
        _output.Write("; filename=\""u8);
        WriteName(fileName);
        _output.Write("\"\r\nContent-Type: "u8);
        Encoding.ASCII.GetBytes(contentType, _output);
        _output.Write("\r\n\r\n"u8);
        _isInFile = true;
    }

    /// <summary>Ends the file that <see cref="BeginFile"/> began.</summary>
    /// <exception cref="InvalidOperationException">No file has begun.</exception>
    public void EndFile()
    {
        if (!_isInFile)
            throw new InvalidOperationException("No file has begun.");
        _isInFile = false;
        _output.Write("\r\n"u8);
    }

    /// <summary>Ends the body.</summary>
    /// <exception cref="InvalidOperationException">A file has begun and not ended, or the body has ended.</exception>
    public void Finish()
    {
        Delimit();
        _output.Write("--\r\n"u8);
        _isFinished = true;
    }

    private void BeginPart(string name)
    {
        Check(name, nameof(name));
        Delimit();
        _output.Write("\r\nContent-Disposition: form-data; name=\""u8);
        WriteName(name);
        _output.Write("\""u8);
    }

    private void Delimit()
    {
        if (_isInFile || _isFinished)
            throw new InvalidOperationException(_isFinished ? "The body has ended." : "A file has begun and not ended.");
        _output.Write("--"u8);
        _output.Write(_boundary);
    }

    private static void Check(string name, string parameter)
    {
        foreach (var c in name)
        {
            if (char.IsAscii(c) && char.IsControl(c) && c is not ('\r' or '\n' or '\t'))
                throw new ArgumentException($"A name in a form must not hold the control character U+{(int)c:X4}.", parameter);
        }
    }

    // Readers take a backslash for an escape before another or before the closing quote, and for itself elsewhere: there it is doubled, and nowhere else.
    private void WriteName(ReadOnlySpan<char> name)
    {
        while (true)
        {
            var special = name.IndexOfAny("\"\r\n\\");
            Encoding.UTF8.GetBytes(special < 0 ? name : name[..special], _output);
            if (special < 0)
                return;
            var isDoubled = special + 1 == name.Length || name[special + 1] == '\\';
            _output.Write(name[special] switch { '"' => "%22"u8, '\r' => "%0D"u8, '\n' => "%0A"u8, _ => isDoubled ? @"\\"u8 : @"\"u8 });
            name = name[(special + 1)..];
        }
    }
}
