using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Gatehouse.AspNetCore.Tests.Pages;

/// <summary>A page with a form.</summary>
public sealed class GreetingModel : PageModel
{
    /// <summary>Who is greeted.</summary>
    [BindProperty(SupportsGet = true)]
    public string Name { get; set; } = "";

    /// <summary>What was typed.</summary>
    [BindProperty]
    public string? Note { get; set; }

    /// <summary>Takes the form.</summary>
    public IActionResult OnPost() => Page();
}
