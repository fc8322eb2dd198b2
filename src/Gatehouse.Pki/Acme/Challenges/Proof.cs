namespace Gatehouse.Pki.Acme.Challenges;

/// <summary>A proof that is in place until it is disposed of.</summary>
internal sealed class Proof(Func<ValueTask> remove) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => remove();
}
