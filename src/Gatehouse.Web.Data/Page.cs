using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Web;

/// <summary>Some rows of many.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Number">Which page it is, from 1.</param>
/// <param name="Size">How many rows a page has, but for the last.</param>
/// <param name="Total">How many rows there are in all.</param>
/// <typeparam name="T">A row.</typeparam>
public sealed record Page<T>(IReadOnlyList<T> Items, int Number, int Size, long Total)
{
    /// <summary>How many pages there are; at least one.</summary>
    public long Pages => Math.Max(1, (Total + Size - 1) / Size);

    /// <summary>True when there is a page before.</summary>
    public bool HasPrevious => Number > 1;

    /// <summary>True when there is a page behind.</summary>
    public bool HasNext => Number < Pages;
}

/// <summary>Cuts queries into pages.</summary>
public static class Paging
{
    /// <summary>The most rows that one page has, whatever a client asks for.</summary>
    public const int LargestSize = 200;

    /// <summary>
    /// One page of an ordered query. What a client asked for is brought within bounds: a page before the first is the first, one behind the last the last, and a
    /// size from 1 to <see cref="LargestSize"/>.
    /// </summary>
    /// <param name="query">The query, in an order that is the same each time: one that ends with the key.</param>
    /// <param name="number">Which page, from 1.</param>
    /// <param name="size">How many rows.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Page<T>> PageAsync<T>(this IQueryable<T> query, int number = 1, int size = 20, CancellationToken cancellation = default)
    {
        size = Math.Clamp(size, 1, LargestSize);
        var total = await query.LongCountAsync(cancellation);
        var last = (int)Math.Min(Math.Max(1, (total + size - 1) / size), int.MaxValue / size);
        number = Math.Clamp(number, 1, last);
        var items = await query.Skip((number - 1) * size).Take(size).ToListAsync(cancellation);
        return new Page<T>(items, number, size, total);
    }
}
