namespace Weft.Tests.Access;

/// <summary>Who may see the board, and where there is none.</summary>
public sealed class BoardAccessTests(AccessServer server) : IClassFixture<AccessServer>
{
    [Fact]
    public async Task AVolunteer_SeesTheBoard_AndAStrangerDoesNot()
    {
        Assert.False((await server.SendAsync(server.Worker, "GET", "board")).Accepted().GetProperty("on").GetBoolean());
        (await server.SendAsync(null, "GET", "board")).Refused(401, "unauthorized");
        (await server.SendAsync(server.Worker, "DELETE", "board/w-7f3a90c2")).Refused(403, "forbidden");
    }

    [Fact]
    public async Task WithoutABoard_NobodyGivesAName()
    {
        (await server.SendAsync(server.Worker, "PUT", "board", """{"workerKey":"wk_1","name":"Ada"}"""))
            .Refused(404, "not_found");
        (await server.SendAsync(server.Admin, "DELETE", "board/w-7f3a90c2")).Refused(404, "not_found");
    }
}
