using Weft.Http.Access;

namespace Weft.Tests.Access;

public sealed class HostNamesTests
{
    [Theory]
    [InlineData("127.0.0.1:8080")]
    [InlineData("127.0.0.1")]
    [InlineData("localhost:8080")]
    [InlineData("LocalHost")]
    [InlineData("localhost.")]
    [InlineData("weft.localhost:8080")]
    [InlineData("[::1]:8080")]
    [InlineData("[2001:db8::1]")]
    [InlineData("192.168.1.7:8080")]
    [InlineData("weft.example.org")]
    [InlineData("Weft.Example.ORG:443")]
    [InlineData("")]
    public void Allows_OurNamesAndAddresses(string host) =>
        Assert.True(new HostNames(["weft.example.org"]).Allows(host));

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8080")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("notlocalhost")]
    [InlineData("evil-weft.example.org")]
    [InlineData("weft.example.org.evil.example")]
    [InlineData("[::1].evil.example")]
    [InlineData("[evil.example]")]
    [InlineData("[")]
    [InlineData("*")]
    public void Allows_NoOthers(string host) => Assert.False(new HostNames(["weft.example.org"]).Allows(host));

    [Fact]
    public void Allows_ThisMachinesName() => Assert.True(new HostNames([]).Allows(Environment.MachineName + ":8080"));

    [Fact]
    public void Allows_AnyName_WhereThatIsSaid() => Assert.True(new HostNames(["*"]).Allows("anything.example"));
}
