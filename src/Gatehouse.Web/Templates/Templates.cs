using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;
using Microsoft.Extensions.FileProviders;

namespace Gatehouse.Web;

/// <summary>
/// The templates of an application: Liquid files of one folder, HTML-encoded wherever a value is shown, read once, and in development again when they change. A
/// name is a path below the folder, with or without <c>.html</c>. In a template stand the members of the model, and <c>user</c>, <c>flashes</c>, <c>nonce</c> and
/// <c>path</c> of the request.
/// </summary>
public sealed class Templates
{
    private const string Extension = ".html";

    // Layouts in layouts; more are a circle.
    private const int MaxLayouts = 8;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly ConcurrentDictionary<string, (DateTime Changed, IFluidTemplate Template)> _known = new(StringComparer.Ordinal);
    private readonly TemplateParser _parser = new();
    private readonly TemplateOptions _options;
    private readonly bool _isReloaded;

    /// <summary>The templates of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isReloaded">True to read a file again when it has changed.</param>
    public Templates(string folder, bool isReloaded = false)
    {
        Folder = Path.GetFullPath(folder);
        _isReloaded = isReloaded;
        _options = new TemplateOptions { DefaultFileExtension = Extension, ModelNamesComparer = StringComparer.OrdinalIgnoreCase };
        _options.MemberAccessStrategy = new UnsafeMemberAccessStrategy { MemberNameStrategy = MemberNameStrategies.CamelCase };
        // Markup that is safe already is shown as it is.
        _options.ValueConverters.Add(static value => value is Html html ? new Fluid.Values.StringValue(html.ToString(), encode: false) : null!);
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Filters of the application's own: <c>templates.Filters.AddFilter("price", ...)</c>.</summary>
    public FilterCollection Filters => _options.Filters;

    /// <summary>Renders a template, with its layouts.</summary>
    /// <param name="name">Its path below the folder.</param>
    /// <param name="model">An object whose members the template shows; null for none.</param>
    /// <param name="context">The request that it is rendered for; null for a page that is of none, such as a mail.</param>
    /// <exception cref="TemplateException">A file is missing, cannot be read, or fails.</exception>
    public async ValueTask<Html> RenderAsync(string name, object? model = null, Context? context = null)
    {
        var page = new TemplatePage(context);
        for (var depth = 0; depth < MaxLayouts; depth++)
        {
            page.Layout = null;
            page.Body = await RenderAsync(name, model, page);
            if (page.Layout is not { Length: > 0 } layout)
                return Html.Raw(page.Body);
            name = layout;
        }
        throw new TemplateException($"{name}: more than {MaxLayouts} layouts, each in the next; one of them is its own");
    }

    private async ValueTask<string> RenderAsync(string name, object? model, TemplatePage page)
    {
        var template = Find(name);
        if (_options.FileProvider is not PhysicalFileProvider && Directory.Exists(Folder))
            _options.FileProvider = new PhysicalFileProvider(Folder);
        var values = model is null ? new TemplateContext(_options) : new TemplateContext(model, _options, allowModelMembers: true);
        values.AmbientValues[TemplatePage.Key] = page;
        if (page.Context is { } context)
            await RequestValues.AddAsync(values, page, context);
        try
        {
            using var writer = new StringWriter();
            await template.RenderAsync(writer, Encoder, values);
            return writer.ToString();
        }
        catch (Exception exception) when (exception is FluidException or FileNotFoundException or InvalidOperationException)
        {
            throw new TemplateException($"{PathOf(name)}: {exception.Message}", exception);
        }
    }

    private IFluidTemplate Find(string name)
    {
        var path = PathOf(name);
        if (_known.TryGetValue(path, out var known) && (!_isReloaded || known.Changed == File.GetLastWriteTimeUtc(path)))
            return known.Template;
        string source;
        DateTime changed;
        try
        {
            changed = File.GetLastWriteTimeUtc(path);
            source = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TemplateException($"the template '{name}' cannot be read: {exception.Message}", exception);
        }
        if (!_parser.TryParse(source, out var template, out var error))
            throw new TemplateException($"{path}: {error}");
        _known[path] = (changed, template);
        return template;
    }

    private string PathOf(string name)
    {
        var file = name.EndsWith(Extension, StringComparison.Ordinal) ? name : name + Extension;
        var path = Path.GetFullPath(Path.Combine(Folder, file));
        return path.StartsWith(Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new TemplateException($"the template '{name}' is not below {Folder}");
    }
}
