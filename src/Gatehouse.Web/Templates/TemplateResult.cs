namespace Gatehouse.Web;

/// <summary>A page made of a template.</summary>
internal sealed class TemplateResult(string name, object? model, int status) : IResult
{
    public async ValueTask WriteAsync(Context context)
    {
        var page = await context.App.Templates.RenderAsync(name, model, context);
        context.Response.Status = status;
        page.Write(context.Call);
    }
}
