namespace Gatehouse.Dns.Validation;

/// <summary>What checking signatures gave (RFC 4033 section 5).</summary>
public enum ValidationStatus
{
    /// <summary>Signed from the trust anchor down, and the signatures hold.</summary>
    Secure,

    /// <summary>A zone above says, signed, that what is below is not signed; or it is signed in a way that is not known here.</summary>
    Insecure,

    /// <summary>It should be signed, and no signature holds.</summary>
    Bogus,
}
