using System.Text;
using System.Text.Json;
using Gatehouse.Tools.Get;

namespace Gatehouse.Tools.Tests.Support;

/// <summary>A run of <c>get</c> inside the test.</summary>
internal sealed record Got(int Code, byte[] Bytes, string Error)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    public static Got Run(GetOptions options, bool isTerminal = false)
    {
        var body = new MemoryStream();
        var error = new StringWriter();
        try
        {
            var code = new GetRunner(options, new GetOutput(body, error, isTerminal, isTerminal, options)).RunAsync(CancellationToken.None)
                .WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();
            return new Got(code, body.ToArray(), error.ToString());
        }
        catch (ToolException exception)
        {
            return new Got(exception.ExitCode, body.ToArray(), exception.Message);
        }
    }

    public static Got Run(params string[] words) => Run(new GetOptions { Words = words });
}
