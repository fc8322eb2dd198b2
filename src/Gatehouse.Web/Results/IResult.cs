namespace Gatehouse.Web;

/// <summary>An answer that writes itself: what a handler returns when it is more than a value.</summary>
public interface IResult
{
    /// <summary>Writes the answer: into <see cref="Http.Response.Body"/>, or by the members of <see cref="Http.Exchange"/> that send.</summary>
    ValueTask WriteAsync(Context context);
}
