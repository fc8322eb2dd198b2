using System.Text;
using Gatehouse.Http.Forms;

namespace Gatehouse.Http.Tests.Forms;

/// <summary>What a multipart reader comes to, as text that does not depend on how the bytes were split.</summary>
internal static class MultipartTranscript
{
    /// <summary>Latin-1 views: "[name|file name|content type]content/" for each part, then "end", or the fault.</summary>
    public static string Of(IEnumerable<ReadOnlyMemory<byte>> pieces, string boundary, MultipartLimits? limits = null)
    {
        var reader = new MultipartReader(Encoding.Latin1.GetBytes(boundary), limits);
        var text = new StringBuilder();
        var total = 0L;
        foreach (var piece in pieces)
        {
            total += piece.Length;
            var input = piece.Span;
            MultipartEvent happened;
            while ((happened = reader.Read(ref input, out var data)) != MultipartEvent.NeedMore)
            {
                Assert.Equal(happened == MultipartEvent.Data, !data.IsEmpty);
                if (happened == MultipartEvent.Failed)
                    return Failed(text, reader);
                Append(text, happened, reader.Part, data);
            }
            Assert.True(input.IsEmpty);
            Assert.Equal(total, reader.Position);
        }
        return reader.Complete() == MultipartEvent.End ? text.ToString() : Failed(text, reader);
    }

    private static void Append(StringBuilder text, MultipartEvent happened, MultipartPart part, ReadOnlySpan<byte> data)
    {
        if (happened == MultipartEvent.Part)
        {
            var fileName = part.HasFileName ? Encoding.Latin1.GetString(part.FileName) : "-";
            text.Append('[').Append(part.HasName ? Encoding.Latin1.GetString(part.Name) : "-").Append('|').Append(fileName)
                .Append('|').Append(Encoding.Latin1.GetString(part.ContentType)).Append(']');
        }
        text.Append(happened switch
        {
            MultipartEvent.Data => Encoding.Latin1.GetString(data),
            MultipartEvent.PartEnd => "/",
            MultipartEvent.End => "end",
            _ => "",
        });
    }

    private static string Failed(StringBuilder text, MultipartReader reader)
    {
        var nothing = default(ReadOnlySpan<byte>);
        Assert.Equal(MultipartEvent.Failed, reader.Read(ref nothing, out _));
        return $"{text} {reader.Error!.Status}: {reader.Error.Message}";
    }
}
