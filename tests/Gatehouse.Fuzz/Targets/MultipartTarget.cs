using System.Text;
using Gatehouse.Http.Forms;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Multipart bodies: the same parts, contents and end, or a refusal with the same status, however they arrive.</summary>
internal sealed class MultipartTarget : IFuzzTarget
{
    private const string Boundary = "X-b";

    public string Name => "multipart";

    public IEnumerable<byte[]> Seeds => Targets.Seeds.Of(
        "--X-b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue\r\n--X-b--\r\n",
        "preamble\r\n--X-b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a \\\"b\\\".txt\"\r\n"
            + "Content-Type: text/plain; charset=utf-8\r\n\r\nline\r\n--X-c\r\n\r\n--X-b\r\n"
            + "Content-Disposition: form-data; name=\"g\"; filename*=UTF-8''%e2%82%ac.txt\r\n\r\n\r\n--X-b--epilogue",
        "--X-b  \r\ncontent-disposition: form-data; name=a\r\n\r\n\r\n\r\n-\r\n--\r\n--X\r\n--X-\r\n--X-b--",
        "--X-b--\r\n", "--X-b\r\n\r\n--X-b--");

    public void Run(ReadOnlySpan<byte> input) => SplitReplay.Require(input, Verdict);

    private static string Verdict(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var reader = new MultipartReader(Encoding.ASCII.GetBytes(Boundary));
        var text = new StringBuilder();
        foreach (var piece in pieces)
        {
            var input = piece.Span;
            MultipartEvent happened;
            while ((happened = reader.Read(ref input, out var data)) != MultipartEvent.NeedMore)
            {
                if (happened == MultipartEvent.Failed) return $"{text}\nrefused with {reader.Error!.Status}";
                if (happened == MultipartEvent.Part) Describe(reader.Part, text);
                else if (happened == MultipartEvent.Data) text.Append(Encoding.Latin1.GetString(data));
                else text.Append($"\n{happened}");
                if (happened == MultipartEvent.End) break;
            }
            Claim.That(happened == MultipartEvent.End || input.IsEmpty, "a reader that needs more takes what it has");
            if (happened == MultipartEvent.End) break;
        }
        return $"{text}\n{reader.Complete()}";
    }

    private static void Describe(MultipartPart part, StringBuilder text)
    {
        text.Append($"\npart {part.HasName} {Encoding.Latin1.GetString(part.Name)}, file {part.HasFileName} {Encoding.Latin1.GetString(part.FileName)}, ");
        text.Append($"{Encoding.Latin1.GetString(part.ContentType)}, {Encoding.Latin1.GetString(part.Charset)}");
        HeadVerdict.Describe(part.Headers, text);
        text.Append('\n');
    }
}
