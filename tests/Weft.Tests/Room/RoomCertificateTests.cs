using System.Security.Cryptography.X509Certificates;
using Weft.CommandLine;
using Weft.Serve.Room;

namespace Weft.Tests.Room;

/// <summary>A room's CA and certificate: what is vouched for, for how long, and what is never overwritten.</summary>
public sealed class RoomCertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-room-");

    private RoomFolder Folder => new(Path.Combine(_folder.FullName, "cert"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ACertificate_IsForTheNamesGiven_AndThisMachineToItself_AndTheCaVouchesForIt()
    {
        Folder.Create(RoomNames.Of(["lab.example", "192.0.2.2", "2001:db8::1"]), Now);

        using var certificate = Folder.Certificate;
        using var authority = Folder.Authority;
        Assert.All((string[])["lab.example", "LAB.example", "192.0.2.2", "2001:db8::1", "localhost", "127.0.0.1"],
            name => Assert.True(certificate.MatchesHostname(name), name));
        Assert.False(certificate.MatchesHostname("other.example"));
        Assert.True(RoomAuthority.Vouches(authority, certificate, Now));
        Assert.InRange(certificate.NotAfter.ToUniversalTime() - Now, TimeSpan.FromDays(390), TimeSpan.FromDays(398));
        Assert.InRange(authority.NotAfter.ToUniversalTime() - Now, TimeSpan.FromDays(1_000), TimeSpan.FromDays(1_100));
        using var served = X509Certificate2.CreateFromPemFile(Folder.CertFile, Folder.KeyFile);
        Assert.True(served.HasPrivateKey);
    }

    [Theory]
    [InlineData("lab.example", true)]
    [InlineData("other.lab.example", true)]
    [InlineData("printer.local", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("192.0.2.2", true)]
    [InlineData("bank.example", false)]
    [InlineData("example.com", false)]
    [InlineData("8.8.8.8", false)]
    [InlineData("2001:db8::1", false)]
    public void TheCa_VouchesForItsOwnNamesAndLocalNetworks_AndNothingElse(string name, bool isTaken)
    {
        var names = RoomNames.Of(["lab.example", "192.0.2.2"]);
        using var authority = RoomAuthority.Create(names, Now);
        using var certificate = RoomAuthority.Sign(authority, RoomNames.Of([name]), Now);

        Assert.Equal(isTaken, RoomAuthority.Vouches(authority, certificate, Now));
    }

    [Fact]
    public void FilesAreTheirUsersAlone_AndNoneIsOverwritten()
    {
        Folder.Create(RoomNames.Of(["lab.example"]), Now);
        var files = Directory.GetFiles(Path.Combine(_folder.FullName, "cert"));
        Assert.Equal(["ca-key.pem", "ca.pem", "cert.pem", "key.pem"],
            files.Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.All(files, static file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
            OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file)));
        var before = files.ToDictionary(static file => file, File.ReadAllText);

        var refusal = Assert.Throws<CommandFailure>(() => Folder.Create(RoomNames.Of(["b.example"]), Now));

        Assert.Contains("--renew", refusal.Message, StringComparison.Ordinal);
        Assert.All(files, file => Assert.Equal(before[file], File.ReadAllText(file)));
    }

    [Fact]
    public void ARenewal_KeepsTheCa_AndTakesOtherLocalNames_ButNoForeignOnes()
    {
        Folder.Create(RoomNames.Of(["192.168.1.5"]), Now);
        var authority = File.ReadAllText(Folder.AuthorityFile);
        var certificate = File.ReadAllText(Folder.CertFile);

        Folder.Renew(RoomNames.Of(["192.168.1.6"]), Now.AddDays(100));
        Assert.Equal(authority, File.ReadAllText(Folder.AuthorityFile));
        Assert.NotEqual(certificate, certificate = File.ReadAllText(Folder.CertFile));

        var refusal =
            Assert.Throws<CommandFailure>(() => Folder.Renew(RoomNames.Of(["bank.example"]), Now.AddDays(100)));
        Assert.Contains("can't certify", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(certificate, File.ReadAllText(Folder.CertFile));
    }

    [Fact]
    public void AStart_MakesWhatIsMissing_AndRenewsWhatEndsSoonOrLacksAName()
    {
        var names = RoomNames.Of(["192.168.1.5"]);
        Assert.True(Folder.Ensure(names, Now));
        var authority = File.ReadAllText(Folder.AuthorityFile);
        Assert.False(Folder.Ensure(names, Now.AddDays(300)));
        Assert.False(Folder.Ensure(RoomNames.Of([]), Now));
        Assert.True(Folder.Ensure(names, Now.AddDays(380)));
        Assert.True(Folder.Ensure(RoomNames.Of(["192.168.1.7"]), Now.AddDays(380)));
        Assert.Equal(authority, File.ReadAllText(Folder.AuthorityFile));
        Assert.Throws<CommandFailure>(() => Folder.Ensure(names, Now.AddYears(4)));
    }

    [Theory]
    [InlineData("http://lab")]
    [InlineData("lab:8080")]
    [InlineData("*.lab.example")]
    [InlineData("a b")]
    public void WhatIsNoName_IsRefused(string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<CommandFailure>(() => RoomNames.Of([name])).Message,
            StringComparison.Ordinal);

    // Its CA would be one for every site below it.
    [Theory]
    [InlineData("com")]
    [InlineData("COM.")]
    [InlineData("xn--p1ai")]
    public void ANameThatMayBeATopLevelDomain_IsRefused(string name) =>
        Assert.Contains("may be a top-level domain",
            Assert.Throws<CommandFailure>(() => RoomNames.Of(["192.168.1.5", name])).Message, StringComparison.Ordinal);

    [Fact]
    public void ThisMachinesName_IsOneOfTheRooms_UnlessItMayBeATopLevelDomain()
    {
        var names = RoomNames.OfThisMachine("lab-server").Dns;
        Assert.Superset(new HashSet<string>(["lab-server", "localhost"]), names.ToHashSet());
        Assert.All(names, static name => Assert.True(name == "localhost" || !name.All(char.IsAsciiLetter), name));
    }

    [Fact]
    public void WithoutTheCasKey_ARenewalSaysWhatToDo()
    {
        Folder.Create(RoomNames.Of(["lab.example"]), Now);
        File.Delete(Path.Combine(_folder.FullName, "cert", "ca-key.pem"));
        Assert.Contains("--out",
            Assert.Throws<CommandFailure>(() => Folder.Renew(RoomNames.Of(["lab.example"]), Now)).Message,
            StringComparison.Ordinal);
        File.WriteAllText(Folder.AuthorityFile, "nonsense");
        Assert.Contains(Folder.AuthorityFile, Assert.Throws<CommandFailure>(() => Folder.Authority).Message,
            StringComparison.Ordinal);
    }
}
