namespace Gatehouse.Http;

/// <summary>The client's message is at fault; carries the status that says so and a sentence for the log.</summary>
public sealed class BadRequestException : Exception
{
    /// <summary>A fault that is answered with <paramref name="status"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a status from 400 to 599.</exception>
    public BadRequestException(int status, string message)
        : base(message)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        Status = status;
    }

    /// <summary>A fault that is answered with 400.</summary>
    public BadRequestException(string message)
        : this(400, message)
    {
    }

    /// <summary>A fault that is answered with 400.</summary>
    public BadRequestException(string message, Exception innerException)
        : base(message, innerException) => Status = 400;

    /// <summary>A fault that is answered with 400.</summary>
    public BadRequestException()
        : this(400, "bad request")
    {
    }

    /// <summary>The status code of the answer: 400, 408, 413, 431 and so on; 499 when the client is gone and no answer can reach it.</summary>
    public int Status { get; }
}
