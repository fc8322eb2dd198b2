using System.Text;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Web;

/// <summary>Makes an answer of what handlers of one type return: chosen once, when the application starts.</summary>
internal abstract class ResultWriter<T>
{
    public abstract ValueTask WriteAsync(Call call, T value);
}

/// <summary>Finds the writer of a type.</summary>
internal static class ResultWriters
{
    /// <summary>The writer for <typeparamref name="T"/>.</summary>
    public static ResultWriter<T> For<T>(App app) => (ResultWriter<T>)For(typeof(T), app);

    private static object For(Type type, App app)
    {
        if (type == typeof(Nothing))
            return new NothingWriter();
        if (type == typeof(string))
            return new TextWriter();
        if (type == typeof(byte[]))
            return new BytesWriter();
        if (type == typeof(ValueTask))
            return new ValueTaskWriter();
        if (type == typeof(Task))
            return new TaskWriter();
        if (type == typeof(Html))
            return new HtmlWriter();
        if (typeof(IResult).IsAssignableFrom(type))
            return Make(typeof(SelfWriter<>), type);
        if (typeof(Stream).IsAssignableFrom(type))
            return Make(typeof(StreamWriter<>), type);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
            return Make(typeof(TaskWriter<>), type.GenericTypeArguments[0], For(type.GenericTypeArguments[0], app));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return Make(typeof(ValueTaskWriter<>), type.GenericTypeArguments[0], For(type.GenericTypeArguments[0], app));
        if (typeof(Task).IsAssignableFrom(type))
            return For(typeof(Task<>).MakeGenericType(TaskResult(type)), app);
        if (type == typeof(object))
            return new ObjectWriter();
        return Make(typeof(JsonWriter<>), type, app);
    }

    private static Type TaskResult(Type type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.IsGenericType && current.GetGenericTypeDefinition() == typeof(Task<>))
                return current.GenericTypeArguments[0];
        }
        return typeof(Nothing);
    }

    private static object Make(Type writer, Type result, params object[] arguments) => Activator.CreateInstance(writer.MakeGenericType(result), arguments)!;

    private static void Absent(Call call) => new Problem(404).Write(call);

    private sealed class NothingWriter : ResultWriter<Nothing>
    {
        public override ValueTask WriteAsync(Call call, Nothing value) => default;
    }

    private sealed class TextWriter : ResultWriter<string?>
    {
        public override ValueTask WriteAsync(Call call, string? value)
        {
            if (value is null)
            {
                Absent(call);
                return default;
            }
            var response = call.Response;
            if (!response.Headers.Contains(KnownHeader.ContentType))
                response.Headers.Add(KnownHeader.ContentType, "text/plain; charset=utf-8"u8);
            response.Body.Advance(Encoding.UTF8.GetBytes(value, response.Body.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length))));
            return default;
        }
    }

    private sealed class HtmlWriter : ResultWriter<Html>
    {
        public override ValueTask WriteAsync(Call call, Html value)
        {
            value.Write(call);
            return default;
        }
    }

    private sealed class BytesWriter : ResultWriter<byte[]?>
    {
        public override ValueTask WriteAsync(Call call, byte[]? value)
        {
            if (value is null)
            {
                Absent(call);
                return default;
            }
            if (!call.Response.Headers.Contains(KnownHeader.ContentType))
                call.Response.Headers.Add(KnownHeader.ContentType, "application/octet-stream"u8);
            return call.Exchange.SendAsync(value);
        }
    }

    private sealed class SelfWriter<T> : ResultWriter<T>
        where T : IResult
    {
        public override ValueTask WriteAsync(Call call, T value)
        {
            if (value is not null)
                return value.WriteAsync(call.Context);
            Absent(call);
            return default;
        }
    }

    private sealed class StreamWriter<T> : ResultWriter<T>
        where T : Stream
    {
        private const int Piece = 32 * 1024;

        public override async ValueTask WriteAsync(Call call, T value)
        {
            if (value is null)
            {
                Absent(call);
                return;
            }
            await using var stream = value;
            if (!call.Response.Headers.Contains(KnownHeader.ContentType))
                call.Response.Headers.Add(KnownHeader.ContentType, "application/octet-stream"u8);
            if (stream.CanSeek)
                call.Response.ContentLength = stream.Length - stream.Position;
            var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(Piece);
            try
            {
                while (await stream.ReadAsync(buffer, call.Exchange.Aborted) is > 0 and var count)
                    await call.Exchange.WriteAsync(buffer.AsMemory(0, count));
                await call.Exchange.CompleteAsync();
            }
            finally
            {
                System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private sealed class ValueTaskWriter : ResultWriter<ValueTask>
    {
        public override ValueTask WriteAsync(Call call, ValueTask value) => value;
    }

    private sealed class TaskWriter : ResultWriter<Task?>
    {
        public override ValueTask WriteAsync(Call call, Task? value) => value is null ? default : new ValueTask(value);
    }

    private sealed class TaskWriter<T>(ResultWriter<T> inner) : ResultWriter<Task<T>>
    {
        public override ValueTask WriteAsync(Call call, Task<T> value) =>
            value.IsCompletedSuccessfully ? inner.WriteAsync(call, value.Result) : AwaitAsync(call, value);

        private async ValueTask AwaitAsync(Call call, Task<T> value) => await inner.WriteAsync(call, await value);
    }

    private sealed class ValueTaskWriter<T>(ResultWriter<T> inner) : ResultWriter<ValueTask<T>>
    {
        public override ValueTask WriteAsync(Call call, ValueTask<T> value) =>
            value.IsCompletedSuccessfully ? inner.WriteAsync(call, value.Result) : AwaitAsync(call, value);

        private async ValueTask AwaitAsync(Call call, ValueTask<T> value) => await inner.WriteAsync(call, await value);
    }

    private sealed class JsonWriter<T>(App app) : ResultWriter<T>
    {
        private JsonTypeInfo<T>? _type;

        public override ValueTask WriteAsync(Call call, T value)
        {
            if (value is null)
                Absent(call);
            else
                JsonWriting.Write(call, value, _type ??= (JsonTypeInfo<T>)app.Json.GetTypeInfo(typeof(T)));
            return default;
        }
    }

    // A handler that returns one thing or another, such as a page or a redirect.
    private sealed class ObjectWriter : ResultWriter<object?>
    {
        private static readonly TextWriter Text = new();
        private static readonly BytesWriter Bytes = new();
        private static readonly StreamWriter<Stream> Streams = new();

        public override ValueTask WriteAsync(Call call, object? value)
        {
            switch (value)
            {
                case null:
                    Absent(call);
                    return default;
                case string text:
                    return Text.WriteAsync(call, text);
                case IResult result:
                    return result.WriteAsync(call.Context);
                case byte[] bytes:
                    return Bytes.WriteAsync(call, bytes);
                case Stream stream:
                    return Streams.WriteAsync(call, stream);
                default:
                    JsonWriting.Write(call, value);
                    return default;
            }
        }
    }
}

/// <summary>What a handler that returns nothing returns.</summary>
internal readonly struct Nothing;
