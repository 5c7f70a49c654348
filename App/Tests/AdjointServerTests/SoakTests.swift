import Testing

/// Short versions of `make soak`, in processes of their own, whose memory nothing else shares.
@Suite(.serialized) struct SoakTests {
    @Test func fiveThousandRequestsLeaveMemoryFlat() throws {
        let run = try BuiltProgram.run("adjoint-soak", ["server", "--requests", "5000"])
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains("every one answered as it must be"))
    }

    @Test func trainingLeavesMemoryFlat() throws {
        let run = try BuiltProgram.run("adjoint-soak", ["names", "--seconds", "20"])
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains("flat"))
    }

    @Test func aLeakIsSeen() throws {
        let run = try BuiltProgram.run(
            "adjoint-soak", ["names", "--seconds", "8", "--leak", "300000"])
        #expect(run.status == 1, "\(run.output)")
        #expect(run.output.contains("GROWS"))
    }
}
