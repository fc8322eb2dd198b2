using System.Text;
using CsCheck;
using Gatehouse.Edge.Auth;

namespace Gatehouse.Edge.Tests.Auth;

public sealed class PasswordHashTests
{
    private static readonly string[] Heads = ["$2y$", "$2a$05$", "$apr1$", "$apr1$ab$", "{SHA}", "plain:"];

    // Made by htpasswd of Apache 2.4 (-m, -B -C 4, -s) and by openssl passwd -apr1.
    [Theory]
    [InlineData("$apr1$NV2mhWuc$/Nm6UPFM9ibzUYGoCkE2U.", "", true)]
    [InlineData("$2y$04$oRdo1ELuRoZY5k/MajV0pu6vbkYo5clRz.78XwddKQDZP2hmJKEMu", "", true)]
    [InlineData("{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "", false)]
    [InlineData("$apr1$7x6ovJI7$Zy2EukBLJr0rd5Sbi8BX70", "a", true)]
    [InlineData("$2y$04$0HjDrN9zoWAwcop5HE5dzeGqXNPJklakApQs2VklR2INqqE9aJvD6", "a", true)]
    [InlineData("{SHA}hvfkN/qlp/zhXR3cuerq6jd2Z7g=", "a", false)]
    [InlineData("$apr1$421zJmUF$FjHdG3ABN8LyrYNwOzxoP1", "secret", true)]
    [InlineData("$2y$04$lJFJ9k4Pv34/rwxndsvRhOtr3UNjYsZS/dfdLZxq9vAVLqqEUtLiu", "secret", true)]
    [InlineData("{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", "secret", false)]
    [InlineData("$apr1$epipykLk$6tz1rAD4.qhipWjL8hdpz1", "sixteen bytes 16", true)]
    [InlineData("$2y$04$.q6w4hukW2T9CuFoyBGibeDmer5l7cSYN8wD5pW/JhEumVT8l4wU.", "sixteen bytes 16", true)]
    [InlineData("{SHA}Aj7B5yVhmGuWvLiwdZKkxK7IACk=", "sixteen bytes 16", false)]
    [InlineData("$apr1$dWuTusHp$ERk4U0ehLP7IEHjOCyacv0", "a password of more than sixteen bytes, é", true)]
    [InlineData("$2y$04$Dy/dMklLDRTJEJW7x4vanOTUhtFMECxp6ae7wjffO8jMdlXQEQ4PG", "a password of more than sixteen bytes, é", true)]
    [InlineData("{SHA}WWTYolF9aLFwzCPOi+6YREBD1EU=", "a password of more than sixteen bytes, é", false)]
    [InlineData("$apr1$UKEgKA3c$8yglu05W7oyEMkOe05TkP.", "pä:ss word", true)]
    [InlineData("$2y$04$kGeuiJlq/Hznd843rNbUT.C/Z3OaXM6trkL6fBpqOPnEJhUBTJxyy", "pä:ss word", true)]
    [InlineData("{SHA}/d0qRu2FYnX+4dqdYZ//rSg3RX4=", "pä:ss word", false)]
    [InlineData("$apr1$eGQ5mSp4$z7ReihdFlvITTh9AKo/21.", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", true)]
    [InlineData("{SHA}vzNH/54thcWpGfXCFyFWquVDDQw=", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", false)]
    [InlineData("$apr1$ab$0iE1Uw5jyIcuhGRkN3tEJ.", "short salt", true)]
    [InlineData("$2b$05$Exl1fv3c/6.PAen6eo5g3eN6hwy4I3VkXoZWAx7FIELlwBrk9JgI2", "secret", true)]
    [InlineData("plain:secret", "secret", false)]
    [InlineData("plain:", "", false)]
    [InlineData("plain:a:b", "a:b", false)]
    public void Verifies(string text, string password, bool isSlow)
    {
        Assert.True(PasswordHash.TryParse(text, out var hash, out var fault), fault);
        Assert.Equal(isSlow, hash.IsSlow);
        Assert.True(hash.Verify(Encoding.UTF8.GetBytes(password)));
        Assert.False(hash.Verify(Encoding.UTF8.GetBytes(password + "x")));
        Assert.False(hash.Verify(Encoding.UTF8.GetBytes(password.Length == 0 ? " " : password[1..])));
        Assert.Equal(text, Encoding.UTF8.GetString(hash.Text));
    }

    [Fact]
    public void Like_every_bcrypt_it_looks_at_72_bytes()
    {
        Assert.True(PasswordHash.TryParse("$2y$04$tayGrUE0IBio3ksb7awBquCwz0s8.B741thI3ZfZs1FsI3XoHh1NK", out var hash, out _));
        Assert.True(hash.Verify(Encoding.ASCII.GetBytes(new string('x', 72))));
        Assert.True(hash.Verify(Encoding.ASCII.GetBytes(new string('x', 73))));
        Assert.False(hash.Verify(Encoding.ASCII.GetBytes(new string('x', 71))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("Plain:secret")]
    [InlineData("$1$salt$hash")]
    [InlineData("$5$Gf.8R8vZeOZvBxVH$RyRtdhjta0JSv.L5EpTdE5vnwcmQsRmUC9SkInhMKQB")]
    [InlineData("$2$05$VQreaaACkdAzX4W1MEOz4.wEoaBJXfdAAtyF7knwVSMoMrKX.Vl0O")]
    [InlineData("$2x$05$VQreaaACkdAzX4W1MEOz4.wEoaBJXfdAAtyF7knwVSMoMrKX.Vl0O")]
    [InlineData("$2y$05$VQreaaACkdAzX4W1MEOz4.wEoaBJXfdAAtyF7knwVSMoMrKX.Vl0")]
    [InlineData("$2y$05$VQreaaACkdAzX4W1MEOz4.wEoaBJXfdAAtyF7knwVSMoMrKX.Vl0OO")]
    [InlineData("$2y$05$VQreaaACkdAzX4W1MEOz4.wEoaBJXfdAAtyF7knwVSMoMrKX.Vl0=")]
    [InlineData("$2y$15$VQreaaACkdAzX4W1MEOz4.wEoaBJXfdAAtyF7knwVSMoMrKX.Vl0O")]
    [InlineData("$2y$31$VQreaaACkdAzX4W1MEOz4.wEoaBJXfdAAtyF7knwVSMoMrKX.Vl0O")]
    [InlineData("$2y$03$VQreaaACkdAzX4W1MEOz4.wEoaBJXfdAAtyF7knwVSMoMrKX.Vl0O")]
    [InlineData("$2y$0x$VQreaaACkdAzX4W1MEOz4.wEoaBJXfdAAtyF7knwVSMoMrKX.Vl0O")]
    [InlineData("$apr1$$LzOsMUNUuqQF0lXA9XiFm0")]
    [InlineData("$apr1$123456789$LzOsMUNUuqQF0lXA9XiFm0")]
    [InlineData("$apr1$Q.thVG7o$LzOsMUNUuqQF0lXA9XiFm")]
    [InlineData("$apr1$Q.thVG7o")]
    [InlineData("{SHA}")]
    [InlineData("{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ")]
    [InlineData("{SHA}5en6G6MezRroT3XKqkdPOmY/")]
    [InlineData("{SHA}!!!!")]
    public void Refuses_what_it_does_not_know_without_showing_it(string text)
    {
        Assert.False(PasswordHash.TryParse(text, out _, out var fault));
        Assert.Contains("expected bcrypt", fault, StringComparison.Ordinal);
        if (text.Length > 6)
            Assert.DoesNotContain(text[6..], fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_read_or_refused() => Gen.OneOf(
        Gen.String,
        Gen.Select(Gen.Int[0, Heads.Length - 1].Select(i => Heads[i]), Gen.String[Gen.Char["./0aZ$= "], 0, 60], (head, tail) => head + tail))
        .Sample(text => PasswordHash.TryParse(text, out var hash, out var fault) ? hash.Text.Length > 0 : fault.Length > 0);
}
