import Foundation
import Testing

@testable import AdjointStudioCore

/// The accumulation lab: both loops really run, and the large batch beside them.
@Suite struct AccumulationTests {
    private func run(_ change: (inout AccumulationSettings) -> Void = { _ in })
        -> AccumulationLab.Result
    {
        var settings = AccumulationSettings()
        change(&settings)
        return AccumulationLab(settings).run()
    }

    @Test("without zeroGrad each step adds to what was there; with it each step begins anew")
    func columns() {
        let result = run()
        #expect(result.bug.steps.count == 5 && result.correct.steps.count == 5)
        var before: Float?
        for step in result.bug.steps {
            let w = step.changes[0]
            #expect(w.before == before)
            #expect(abs(w.after - ((before ?? 0) + w.incoming)) < 1e-6)
            #expect(w.parts.count == 4 && abs(w.parts.reduce(0, +) - w.incoming) < 1e-6)
            before = w.after
        }
        for step in result.correct.steps {
            #expect(step.changes[0].before == nil)
            #expect(
                step.changes[0].after
                    == step.changes[0].parts.dropFirst()
                    .reduce(step.changes[0].parts[0], +))
        }
        #expect(result.bug.steps[0].changes[0].after == result.correct.steps[0].changes[0].after)
        #expect(result.bug.steps[1].changes[0].after != result.correct.steps[1].changes[0].after)
        #expect(run { $0.zeroing = .zero }.correct.steps[1].changes[0].before == 0)
    }

    @Test("small batches are the large one where each loss is divided, and where sums are added")
    func proof() {
        #expect(run().difference < 5e-7)
        #expect(
            run {
                $0.reduction = .sum
                $0.learningRate = 0.01
            }.difference < 1e-5)
        #expect(
            run {
                $0.reduction = .total
                $0.isUneven = true
            }.difference < 5e-7)
        #expect(run { $0.batches = 1 }.difference == 0)
    }

    @Test("a forgotten division and an uneven last batch are seen, and told apart")
    func faults() {
        let undivided = run { $0.divides = false }
        #expect(undivided.difference > 0.1 && undivided.verdict.contains("nothing divides by 4"))
        // The gradient is 4 times that of the large batch, in the first step exactly that.
        let mine = undivided.correct.steps[0].changes[0].after
        let large = undivided.reference.steps[0].changes[0].after
        #expect(abs(mine - 4 * large) < 1e-5)
        let uneven = run { $0.isUneven = true }
        #expect(uneven.difference > 1e-3 && uneven.verdict.contains("different sizes"))
    }

    @Test("a column that grows without bounds stops with words, and no infinity is told")
    func diverges() throws {
        let result = run {
            $0.steps = 200
            $0.learningRate = 1.5
        }
        let words = try #require(result.bug.stopped)
        #expect(words.contains("gradients have grown") && words.contains("× since step"))
        #expect(result.bug.steps.count < 200)
        let text = String(decoding: try StudioJSON.data(result), as: UTF8.self)
        #expect(!text.contains("Infinity") && !text.contains("NaN"))
    }

    @Test("momentum and weight decay reach the optimiser")
    func options() {
        let plain = run(), fast = run { $0.momentum = 0.9 }, small = run { $0.weightDecay = 0.5 }
        #expect(plain.correct.steps[2] != fast.correct.steps[2])
        #expect(plain.correct.steps[0].changes[0].after == small.correct.steps[0].changes[0].after)
        #expect(plain.correct.steps[0].changes[0].value != small.correct.steps[0].changes[0].value)
    }

    @Test("the route runs it, and refuses what cannot be run")
    func route() async throws {
        let client = StudioClient()
        let answer = try await client.post("/api/accumulate", #"{"steps":3,"seed":1}"#).object
        let bug = try #require(answer["bug"] as? [String: Any])
        #expect((bug["steps"] as? [Any])?.count == 3)
        for body in [
            #"{"steps":0}"#, #"{"steps":201}"#, #"{"learningRate":-1}"#, #"{"momentum":1}"#,
            #"{"batches":17}"#, #"{"batchSize":1,"isUneven":true}"#,
        ] {
            #expect(await client.post("/api/accumulate", body).status == 422, "\(body)")
        }
        #expect(await client.post("/api/accumulate", #"{"reduction":"x"}"#).status == 400)
        #expect(await client.post("/api/accumulate", "{").status == 400)
    }
}
