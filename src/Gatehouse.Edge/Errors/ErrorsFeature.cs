using System.Globalization;
using Gatehouse.Edge.Routing;
using Gatehouse.Http;
using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Errors;

/// <summary>
/// <c>errors</c>: pages for error answers. Its keys are status codes, <c>4xx</c> and <c>5xx</c>; it stands outside whatever refuses requests, so that their
/// answers get the pages too.
/// </summary>
public sealed class ErrorsFeature()
    : WrapperFeature<IReadOnlyDictionary<string, ErrorPageConfig>>("errors", "Pages for errors, by status code or 4xx and 5xx", ordinal: 65)
{
    /// <inheritdoc/>
    public override IHandler? Wrap(IReadOnlyDictionary<string, ErrorPageConfig> config, IHandler inner, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Count == 0)
            return null;
        var pages = new ErrorPage?[ErrorsHandler.Statuses];
        // A code's own page takes the place of its class's.
        foreach (var (key, page) in config.OrderByDescending(entry => entry.Key.EndsWith("xx", StringComparison.Ordinal)))
        {
            TryRange(key, out var first, out var last);
            Array.Fill(pages, ErrorPage.Load(page), first - ErrorsHandler.FirstStatus, last - first + 1);
        }
        return new ErrorsHandler(pages, inner);
    }

    /// <inheritdoc/>
    protected override void Validate(IReadOnlyDictionary<string, ErrorPageConfig> config, IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(faults);
        foreach (var (key, page) in config)
        {
            if (!TryRange(key, out _, out _))
                faults.Report(key, $"found the key '{key}', expected a status code from 400 to 599, 4xx or 5xx");
            else if (page.File is { } file && !SettingFile.TryRead(file.Value, ErrorPage.Limit, out _, out var fault))
                faults.Report(key, fault);
        }
    }

    private static bool TryRange(string key, out int first, out int last)
    {
        first = last = 0;
        if (key is "4xx" or "5xx")
            (first, last) = key[0] == '4' ? (400, 499) : (500, 599);
        else if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 400 and <= 599)
            first = last = status;
        return first > 0;
    }
}
