using System.Buffers;
using System.Text;
using Gatehouse.Http.Cookies;
using Gatehouse.Http.Urls;

namespace Gatehouse.Web;

/// <summary>Where the fields of a request stand: one object for each kind of place, shared by all requests.</summary>
internal abstract class FieldSource
{
    public static readonly FieldSource Query = new QuerySource();
    public static readonly FieldSource Form = new FormSource();
    public static readonly FieldSource Header = new HeaderSource();
    public static readonly FieldSource Cookie = new CookieSource();

    /// <summary>Where this is, in words.</summary>
    public abstract string Place { get; }

    /// <summary>Parses the first field of that name; null when there is none.</summary>
    public abstract bool? TryParse<T>(Call call, FieldName name, ValueParser<T> parser, out T value);

    /// <summary>The text of the first field of that name; null when there is none.</summary>
    public abstract string? Text(Call call, FieldName name);

    /// <summary>The text of all fields of that name.</summary>
    public virtual void AddAll(Call call, FieldName name, List<string> values)
    {
        if (Text(call, name) is { } text)
            values.Add(text);
    }

    /// <summary>True when there is a field whose name begins so.</summary>
    public virtual bool HasBelow(Call call, string prefix) => false;

    private sealed class QuerySource : FieldSource
    {
        public override string Place => "the query";

        public override bool? TryParse<T>(Call call, FieldName name, ValueParser<T> parser, out T value)
        {
            value = default!;
            var reader = new FormUrlEncodedReader(call.Request.Query);
            while (reader.TryRead(out var pair))
            {
                if (!name.IsEncoded(pair.RawName))
                    continue;
                var raw = pair.RawValue;
                if (!raw.ContainsAny((byte)'%', (byte)'+'))
                    return parser.TryParse(raw, out value);
                var rented = ArrayPool<byte>.Shared.Rent(raw.Length);
                try
                {
                    return parser.TryParse(rented.AsSpan(0, FormUrlEncodedPair.Decode(raw, rented)), out value);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(rented);
                }
            }
            return null;
        }

        public override string? Text(Call call, FieldName name)
        {
            var reader = new FormUrlEncodedReader(call.Request.Query);
            while (reader.TryRead(out var pair))
            {
                if (name.IsEncoded(pair.RawName))
                    return pair.GetValue();
            }
            return null;
        }

        public override void AddAll(Call call, FieldName name, List<string> values)
        {
            var reader = new FormUrlEncodedReader(call.Request.Query);
            while (reader.TryRead(out var pair))
            {
                if (name.IsEncoded(pair.RawName))
                    values.Add(pair.GetValue());
            }
        }

        public override bool HasBelow(Call call, string prefix)
        {
            var reader = new FormUrlEncodedReader(call.Request.Query);
            while (reader.TryRead(out var pair))
            {
                if (pair.GetName().StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
            return false;
        }
    }

    private sealed class FormSource : FieldSource
    {
        public override string Place => "the form";

        public override bool? TryParse<T>(Call call, FieldName name, ValueParser<T> parser, out T value)
        {
            value = default!;
            return Text(call, name) is { } text ? parser.TryParse(Encoding.UTF8.GetBytes(text), out value) : null;
        }

        public override string? Text(Call call, FieldName name)
        {
            if (call.Form is not { } form)
                return null;
            foreach (var field in form.Fields)
            {
                if (name.IsText(field.Name))
                    return field.Value;
            }
            return null;
        }

        public override void AddAll(Call call, FieldName name, List<string> values)
        {
            if (call.Form is not { } form)
                return;
            foreach (var field in form.Fields)
            {
                if (name.IsText(field.Name))
                    values.Add(field.Value);
            }
        }

        public override bool HasBelow(Call call, string prefix) =>
            call.Form is { } form && form.Fields.Any(field => field.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
    }

    private sealed class HeaderSource : FieldSource
    {
        public override string Place => "the request's head";

        public override bool? TryParse<T>(Call call, FieldName name, ValueParser<T> parser, out T value)
        {
            value = default!;
            return call.Request.Headers.TryGet(name.Utf8, out var field) ? parser.TryParse(field, out value) : null;
        }

        public override string? Text(Call call, FieldName name) =>
            call.Request.Headers.TryGet(name.Utf8, out var field) ? Encoding.UTF8.GetString(field) : null;
    }

    private sealed class CookieSource : FieldSource
    {
        public override string Place => "the cookies";

        public override bool? TryParse<T>(Call call, FieldName name, ValueParser<T> parser, out T value)
        {
            value = default!;
            return new RequestCookies(call.Request.Headers).TryGet(name.Utf8, out var cookie) ? parser.TryParse(cookie, out value) : null;
        }

        public override string? Text(Call call, FieldName name) =>
            new RequestCookies(call.Request.Headers).TryGet(name.Utf8, out var cookie) ? Encoding.UTF8.GetString(cookie) : null;
    }
}
