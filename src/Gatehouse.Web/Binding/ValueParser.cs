using System.Globalization;
using System.Text;

namespace Gatehouse.Web;

/// <summary>Makes a value of the text of one field.</summary>
internal abstract class ValueParser<T>
{
    /// <summary>What is expected, in words.</summary>
    public abstract string Expected { get; }

    public abstract bool TryParse(ReadOnlySpan<byte> utf8, out T value);
}

/// <summary>Finds the parser of a type.</summary>
internal static class ValueParsers
{
    /// <summary>The parser of <typeparamref name="T"/>; null for a type that is not the value of one field.</summary>
    public static ValueParser<T>? For<T>() => (ValueParser<T>?)For(typeof(T));

    /// <summary>True for a type that is the value of one field.</summary>
    public static bool IsSimple(Type type) => For(type) is not null;

    private static object? For(Type type)
    {
        if (type == typeof(string))
            return new StringParser();
        if (type == typeof(bool))
            return new BoolParser();
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return For(underlying) is { } inner ? Make(typeof(NullableParser<>), underlying, inner) : null;
        if (type.IsEnum)
            return Make(typeof(EnumParser<>), type);
        if (Implements(type, typeof(IUtf8SpanParsable<>)))
            return Make(typeof(Utf8Parser<>), type);
        if (Implements(type, typeof(ISpanParsable<>)))
            return Make(typeof(SpanParser<>), type);
        if (Implements(type, typeof(IParsable<>)))
            return Make(typeof(TextParser<>), type);
        return null;
    }

    private static object Make(Type parser, Type type, params object[] arguments) => Activator.CreateInstance(parser.MakeGenericType(type), arguments)!;

    private static bool Implements(Type type, Type parsable) => type.GetInterfaces().Any(each =>
        each.IsGenericType && each.GetGenericTypeDefinition() == parsable && each.GenericTypeArguments[0] == type);

    private static string Describe(Type type)
    {
        if (type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(byte) || type == typeof(uint) || type == typeof(ulong))
            return $"a whole number from {type.GetField("MinValue")!.GetValue(null)} to {type.GetField("MaxValue")!.GetValue(null)}";
        if (type == typeof(decimal) || type == typeof(double) || type == typeof(float))
            return "a number";
        if (type == typeof(Guid))
            return "a UUID";
        if (type == typeof(DateOnly))
            return "a date like 2026-01-31";
        if (type == typeof(TimeOnly))
            return "a time like 14:30";
        if (type == typeof(DateTime) || type == typeof(DateTimeOffset))
            return "a date and time like 2026-01-31T14:30:00Z";
        return type.Name;
    }

    private sealed class StringParser : ValueParser<string>
    {
        public override string Expected => "text";

        public override bool TryParse(ReadOnlySpan<byte> utf8, out string value)
        {
            value = Encoding.UTF8.GetString(utf8);
            return true;
        }
    }

    // A check box sends "on" (HTML, input type=checkbox).
    private sealed class BoolParser : ValueParser<bool>
    {
        public override string Expected => "true or false";

        public override bool TryParse(ReadOnlySpan<byte> utf8, out bool value)
        {
            value = Ascii.EqualsIgnoreCase(utf8, "true"u8) || Ascii.EqualsIgnoreCase(utf8, "on"u8) || utf8.SequenceEqual("1"u8);
            return value || Ascii.EqualsIgnoreCase(utf8, "false"u8) || Ascii.EqualsIgnoreCase(utf8, "off"u8) || utf8.SequenceEqual("0"u8);
        }
    }

    private sealed class NullableParser<T>(ValueParser<T> inner) : ValueParser<T?>
        where T : struct
    {
        public override string Expected => inner.Expected + ", or nothing";

        public override bool TryParse(ReadOnlySpan<byte> utf8, out T? value)
        {
            value = null;
            if (utf8.IsEmpty)
                return true;
            if (!inner.TryParse(utf8, out var some))
                return false;
            value = some;
            return true;
        }
    }

    private sealed class EnumParser<T> : ValueParser<T>
        where T : struct, Enum
    {
        public override string Expected => "one of " + string.Join(", ", Enum.GetNames<T>());

        // A number would reach values that have no name.
        public override bool TryParse(ReadOnlySpan<byte> utf8, out T value)
        {
            value = default;
            return utf8 is not [] and not [(>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'+', ..]
                && Enum.TryParse(Encoding.UTF8.GetString(utf8), ignoreCase: true, out value);
        }
    }

    private sealed class Utf8Parser<T> : ValueParser<T>
        where T : IUtf8SpanParsable<T>
    {
        public override string Expected { get; } = Describe(typeof(T));

        public override bool TryParse(ReadOnlySpan<byte> utf8, out T value) => T.TryParse(utf8, CultureInfo.InvariantCulture, out value!);
    }

    private sealed class SpanParser<T> : ValueParser<T>
        where T : ISpanParsable<T>
    {
        public override string Expected { get; } = Describe(typeof(T));

        public override bool TryParse(ReadOnlySpan<byte> utf8, out T value) => T.TryParse(Encoding.UTF8.GetString(utf8).AsSpan(), CultureInfo.InvariantCulture, out value!);
    }

    private sealed class TextParser<T> : ValueParser<T>
        where T : IParsable<T>
    {
        public override string Expected { get; } = Describe(typeof(T));

        public override bool TryParse(ReadOnlySpan<byte> utf8, out T value) => T.TryParse(Encoding.UTF8.GetString(utf8), CultureInfo.InvariantCulture, out value!);
    }
}
