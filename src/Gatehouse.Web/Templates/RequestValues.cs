using Fluid;
using Fluid.Values;

namespace Gatehouse.Web;

/// <summary>What templates see of the request.</summary>
internal static class RequestValues
{
    public static async ValueTask AddAsync(TemplateContext values, TemplatePage page, Context context)
    {
        values.SetValue("path", new StringValue(context.Path));
        values.SetValue("nonce", new FactoryValue(() => new StringValue(context.Nonce)));
        if (!context.HasSession)
            return;
        var session = await context.GetSessionAsync();
        if (session.User is { } user)
            values.SetValue("user", new StringValue(user));
        if (session.HasFlashes)
            page.Flashes = session.TakeFlashes();
        if (page.Flashes is { } flashes)
            values.SetValue("flashes", FluidValue.Create(flashes.Select(flash => new { flash.Kind, flash.Message }).ToArray(), values.Options));
    }
}
