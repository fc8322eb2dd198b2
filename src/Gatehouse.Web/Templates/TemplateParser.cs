using Fluid;
using Fluid.Ast;

namespace Gatehouse.Web;

/// <summary>
/// Liquid with what pages need besides: <c>{% layout 'site' %}</c> puts a page into another file, which shows it at <c>{% body %}</c>; <c>{% section name %}</c> keeps a
/// part for <c>{% yield name %}</c> of the layout; <c>{% csrf %}</c> is the hidden field that forms send back.
/// </summary>
internal sealed class TemplateParser : FluidParser
{
    public TemplateParser()
    {
        RegisterExpressionTag("layout", static async (file, _, _, context) =>
        {
            Page(context).Layout = (await file.EvaluateAsync(context)).ToStringValue();
            return Completion.Normal;
        });
        RegisterEmptyTag("body", static async (writer, _, context) =>
        {
            await writer.WriteAsync(Page(context).Body ?? throw new TemplateException("{% body %} stands in a layout, and this file is none"));
            return Completion.Normal;
        });
        RegisterIdentifierBlock("section", static async (name, statements, _, encoder, context) =>
        {
            using var part = new StringWriter();
            await statements.RenderStatementsAsync(part, encoder, context);
            Page(context).Sections[name] = part.ToString();
            return Completion.Normal;
        });
        RegisterIdentifierTag("yield", static async (name, writer, _, context) =>
        {
            if (Page(context).Sections.TryGetValue(name, out var part))
                await writer.WriteAsync(part);
            return Completion.Normal;
        });
        RegisterEmptyTag("csrf", static async (writer, _, context) =>
        {
            var request = Page(context).Context ?? throw new TemplateException("{% csrf %} needs a request, and this is rendered without");
            await writer.WriteAsync((await request.CsrfFieldAsync()).ToString());
            return Completion.Normal;
        });
    }

    private static TemplatePage Page(TemplateContext context) => (TemplatePage)context.AmbientValues[TemplatePage.Key];
}
