using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Config.Types;

/// <summary>The scalars that a configuration knows.</summary>
internal static class ScalarTypes
{
    private static readonly string[] BooleanWords = ["on", "off", "true", "false", "yes", "no"];

    private delegate bool Parser<T>(string text, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out string? fault);

    private static readonly Dictionary<Type, ScalarType> BuiltIn = new ScalarType[]
    {
        new(typeof(string), "a text", ReadText),
        new(typeof(bool), "on or off", ReadBoolean, value => (bool)value ? "on" : "off") { Json = JsonKind.Boolean, Words = BooleanWords },
        Number<int>("a whole number", NumberStyles.AllowLeadingSign, JsonKind.Integer),
        Number<long>("a whole number", NumberStyles.AllowLeadingSign, JsonKind.Integer),
        Number<double>("a number", NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, JsonKind.Number),
        Of<TimeSpan>(Duration.Expected, Duration.TryParse, Duration.Pattern, value => Duration.Format((TimeSpan)value)),
        Of<IpAddress>("an IP address like 192.0.2.1 or 2001:db8::1", ParseAddress, null),
        Of<IpPrefix>("an address prefix like 192.147.0.0/24 or 2001:db8:1234::/48", ParsePrefix, null),
        new(typeof(Endpoint), "ADDRESS:PORT, :PORT or unix:PATH", ReadEndpoint),
    }.ToDictionary(type => type.ClrType);

    /// <summary>The scalar that <paramref name="type"/> is, or null.</summary>
    public static ScalarType? Find(Type type)
    {
        if (BuiltIn.TryGetValue(type, out var known))
            return known;
        if (type.IsEnum)
            return Enumeration(type);
        return type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(ISettingValue<>))
            ? ((IScalarFactory)Activator.CreateInstance(typeof(SettingValueFactory<>).MakeGenericType(type))!).Create()
            : null;
    }

    private static ScalarType Enumeration(Type type)
    {
        var words = Enum.GetNames(type).Select(KebabCase.Of).ToArray();
        var values = Enum.GetValues(type);
        return new ScalarType(type, $"one of {string.Join(", ", words)}", Read, value => KebabCase.Of(value.ToString()!)) { Words = words };

        bool Read(string text, string folder, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? fault)
        {
            var index = Array.IndexOf(words, text);
            value = index < 0 ? null : values.GetValue(index)!;
            fault = index < 0 ? NearestWord.Fault(text, words) : null;
            return value is not null;
        }
    }

    private static ScalarType Number<T>(string expected, NumberStyles styles, JsonKind json)
        where T : struct, INumber<T>
    {
        return new ScalarType(typeof(T), expected, Reader<T>(Parse), value => ((T)value).ToString(null, CultureInfo.InvariantCulture)) { Json = json };

        bool Parse(string text, out T value, [NotNullWhen(false)] out string? fault)
        {
            fault = T.TryParse(text, styles, CultureInfo.InvariantCulture, out value) && T.IsFinite(value) ? null : $"found '{text}', expected {expected}";
            return fault is null;
        }
    }

    private static ScalarType Of<T>(string expected, Parser<T> parse, string? pattern, Func<object, string>? write = null)
        where T : notnull => new(typeof(T), expected, Reader(parse), write) { Pattern = pattern };

    private static ScalarReader Reader<T>(Parser<T> parse)
        where T : notnull
    {
        return Read;

        bool Read(string text, string folder, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? fault)
        {
            value = null;
            if (!parse(text, out var parsed, out fault))
                return false;
            value = parsed is IRelativeValue relative ? relative.ResolvedFrom(folder) : parsed;
            return true;
        }
    }

    private static bool ReadText(string text, string folder, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? fault)
    {
        value = text;
        fault = null;
        return true;
    }

    private static bool ReadBoolean(string text, string folder, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? fault)
    {
        value = text switch
        {
            "on" or "true" or "yes" => true,
            "off" or "false" or "no" => false,
            _ => null,
        };
        fault = value is null ? $"found '{text}', expected on or off" : null;
        return value is not null;
    }

    private static bool ParseAddress(string text, out IpAddress value, [NotNullWhen(false)] out string? fault)
    {
        fault = IpAddress.TryParse(text, out value) ? null : $"found '{text}', expected an IP address like 192.0.2.1 or 2001:db8::1";
        return fault is null;
    }

    private static bool ParsePrefix(string text, out IpPrefix value, [NotNullWhen(false)] out string? fault) => IpPrefix.TryParse(text, out value, out fault);

    /// <summary>A relative Unix path starts at the configuration file, as every path does.</summary>
    private static bool ReadEndpoint(string text, string folder, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? fault)
    {
        value = null;
        if (!Endpoint.TryParse(text, out var endpoint, out fault))
            return false;
        value = endpoint.IsUnix && !endpoint.IsAbstract ? new Endpoint(Path.GetFullPath(endpoint.UnixPath!, folder)) : endpoint;
        return true;
    }

    private interface IScalarFactory
    {
        ScalarType Create();
    }

    /// <summary>Reaches the static members of a type that is known at run time only.</summary>
    private sealed class SettingValueFactory<T> : IScalarFactory
        where T : ISettingValue<T>
    {
        public ScalarType Create() => Of<T>(T.Expected, T.TryParse, T.Pattern);
    }
}
