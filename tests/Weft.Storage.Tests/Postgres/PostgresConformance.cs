using Weft.Storage.Postgres;
using Weft.Storage.Tests.Conformance;

namespace Weft.Storage.Tests.Postgres;

public sealed class PostgresSubmitTests() : SubmitConformance(new PostgresStoreHost());

public sealed class PostgresClaimTests() : ClaimConformance(new PostgresStoreHost());

public sealed class PostgresCompleteTests() : CompleteConformance(new PostgresStoreHost());

public sealed class PostgresSettleTests() : SettleConformance(new PostgresStoreHost());

public sealed class PostgresAttemptTests() : AttemptConformance(new PostgresStoreHost());

public sealed class PostgresHistoryTests() : HistoryConformance(new PostgresStoreHost());

public sealed class PostgresStandingTests() : StandingConformance(new PostgresStoreHost());

public sealed class PostgresSweepTests() : SweepConformance(new PostgresStoreHost());

public sealed class PostgresRetentionTests() : RetentionConformance(new PostgresStoreHost());

public sealed class PostgresCountsTests() : CountsConformance(new PostgresStoreHost());

public sealed class PostgresEventsTests() : EventsConformance(new PostgresStoreHost());

public sealed class PostgresSamplesTests() : SamplesConformance(new PostgresStoreHost());

public sealed class PostgresBoardTests() : BoardConformance(new PostgresStoreHost());

public sealed class PostgresMetricsTests() : MetricsConformance(new PostgresStoreHost());

public sealed class PostgresGroupsTests() : GroupsConformance(new PostgresStoreHost());

public sealed class PostgresRequirementsTests() : RequirementsConformance(new PostgresStoreHost());

public sealed class PostgresIdempotencyTests() : IdempotencyConformance(new PostgresStoreHost());

public sealed class PostgresPauseTests() : PauseConformance(new PostgresStoreHost());

public sealed class PostgresCancelTests() : CancelConformance(new PostgresStoreHost());

public sealed class PostgresListTests() : ListConformance(new PostgresStoreHost());

public sealed class PostgresFilterTests() : FilterConformance(new PostgresStoreHost());

public sealed class PostgresSignalsTests() : SignalsConformance(new PostgresStoreHost());

public sealed class PostgresOwnersTests() : OwnersConformance(new PostgresStoreHost());

public sealed class PostgresOwnerBoundsTests() : OwnerBoundsConformance(new PostgresStoreHost());

public sealed class PostgresOwnerSharesTests() : OwnerSharesConformance(new PostgresStoreHost());

public sealed class PostgresBoundsTests() : BoundsConformance(new PostgresStoreHost());

public sealed class PostgresTokensTests()
    : TokensConformance(new PostgresStoreHost(), static store => ((PostgresTaskStore)store).Tokens);

public sealed class PostgresModulesTests()
    : ModulesConformance(new PostgresStoreHost(), static store => ((PostgresTaskStore)store).Modules);

public sealed class PostgresBlobsTests() : BlobsConformance(
    new PostgresStoreHost(), static store => ((PostgresTaskStore)store).Blobs,
    static store => ((PostgresTaskStore)store).Modules,
    static store => ((PostgresTaskStore)store).Tokens);

public sealed class PostgresOutputsTests() : OutputsConformance(
    new PostgresStoreHost(), static store => ((PostgresTaskStore)store).Blobs);

public sealed class PostgresLocalityTests() : LocalityConformance(
    new PostgresStoreHost(), static store => ((PostgresTaskStore)store).Blobs);

public sealed class PostgresModuleOwnersTests() : ModuleOwnersConformance(
    new PostgresStoreHost(), static store => ((PostgresTaskStore)store).Modules,
    static store => ((PostgresTaskStore)store).Tokens);

public sealed class PostgresBulkTests() : BulkConformance(new PostgresStoreHost());

public sealed class PostgresAuditTrailTests() : AuditConformance(new PostgresStoreHost());

public sealed class PostgresWebhookTests() : WebhookConformance(new PostgresStoreHost());

public sealed class PostgresTraceTests() : TraceConformance(new PostgresStoreHost());

public sealed class PostgresVerificationTests() : VerificationConformance(
    new PostgresStoreHost(), static store => ((PostgresTaskStore)store).Verification);

public sealed class PostgresAdaptiveTests() : AdaptiveConformance(
    new PostgresStoreHost(), static store => ((PostgresTaskStore)store).Verification);
