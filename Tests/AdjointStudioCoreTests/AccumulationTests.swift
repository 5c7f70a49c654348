import Adjoint
import AdjointTrace
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

    /// What a column's trace says of each step, in the form of what the column says of it.
    private func changes(_ document: TraceDocument, of name: String)
        -> [AccumulationLoop.Change]
    {
        var found: [AccumulationLoop.Change] = []
        func isOurs(_ tensor: Int) -> Bool { document.tensor(tensor)?.name == name }
        func number(_ value: TraceValue) -> Float? { value.scalar.map { Float($0) } }
        for event in document.events {
            switch event.body {
            case .loop(let e) where e.name == "step":
                #expect(e.step == found.count + 1)
                found.append(
                    .init(
                        name: name, before: found.last?.after, incoming: 0, parts: [], after: 0,
                        value: 0))
            case .zeroGrad(let e) where isOurs(e.tensor):
                // Of a gradient that is not there nothing is emptied.
                let isThere = !e.setToNone && found.count > 1
                found[found.count - 1].before = isThere ? 0 : nil
            case .accumulate(let e) where isOurs(e.tensor):
                let here = found.count - 1
                let before = found[here].parts.isEmpty ? found[here].before : found[here].after
                #expect(number(e.before) == before)
                found[here].parts.append(number(e.incoming)!)
                found[here].after = number(e.after)!
            case .optimStep(let e) where isOurs(e.tensor ?? -1):
                found[found.count - 1].value = number(e.value!)!
            default: break
            }
        }
        for index in found.indices {
            found[index].incoming = Tensor(found[index].parts).sum().item()
        }
        return found
    }

    @Test(
        "each column's trace is its own run: every number of the column stands in it",
        arguments: [
            #"{"steps":3,"seed":11,"batches":3,"batchSize":2,"learningRate":0.05,"momentum":0.5}"#,
            #"{"steps":4,"batches":2,"isUneven":true,"reduction":"total","zeroing":"zero"}"#,
            #"{"steps":2,"batches":1,"reduction":"sum","weightDecay":0.1}"#,
        ])
    func traces(_ settings: String) async throws {
        struct Column: Decodable {
            struct Step: Decodable { let changes: [AccumulationLoop.Change] }
            let trace: String
            let steps: [Step]
            let recorded: Int?
        }
        let client = StudioClient()
        let answer = await client.post("/api/accumulate", settings)
        let body = try #require(answer.data)
        struct Columns: Decodable { let bug, correct, reference: Column }
        let columns = try JSONDecoder().decode(Columns.self, from: body)
        var titles: Set<String?> = []
        for column in [columns.bug, columns.correct, columns.reference] {
            #expect(column.recorded == nil && column.steps.count > 1)
            let text = await client.get("/api/traces/\(column.trace)?format=jsonl").text()
            let document = try TraceDocument(jsonLines: Array(text.utf8))
            #expect(TraceChecker.check(document).isEmpty)
            titles.insert(document.header?.title)
            for (index, name) in ["w", "b"].enumerated() {
                #expect(
                    changes(document, of: name)
                        == column.steps.map { $0.changes[index] })
            }
            // What is measured beside the loop is no part of it.
            let ops = Set(document.nodes.map(\.op))
            #expect(ops.isSubset(of: ["mul", "add", "sub", "pow", "mean", "sum", "div"]))
            let batches = document.events.filter { $0.kind == .backwardBegin }.count
            #expect(document.nodes.filter { $0.op == "mul" }.count == batches)
            #expect(document.files.map(\.path) == ["accumulation"])
        }
        #expect(titles.count == 3)
    }

    @Test("the lines of a trace are those of the loop on the page")
    func lines() throws {
        var documents: [String: TraceDocument] = [:]
        let lab = AccumulationLab(AccumulationSettings()) { title, records in
            documents[title] = TraceDocument(records)
            return title
        }
        let result = lab.run()
        for column in [result.bug, result.correct] {
            let document = try #require(column.trace.flatMap { documents[$0] })
            let lines = column.code.map(\.text)
            #expect(document.files[0].text == lines.joined(separator: "\n"))
            func text(_ source: TraceSource?) -> String {
                source.map { lines[$0.line - 1].trimmingCharacters(in: .whitespaces) } ?? ""
            }
            for node in document.nodes { #expect(text(node.src).hasPrefix("let loss = ")) }
            for event in document.events {
                switch event.body {
                case .backwardBegin(let e): #expect(text(e.src) == "loss.backward()")
                case .optimStep(let e): #expect(text(e.src) == "optimizer.step()")
                case .zeroGrad(let e): #expect(text(e.src) == "optimizer.zeroGrad()")
                default: break
                }
            }
        }
    }

    @Test("a long run is recorded as far as the stepper draws at once, and goes on the same")
    func bounds() throws {
        var settings = AccumulationSettings()
        settings.steps = 30
        settings.batches = 16
        settings.batchSize = 64
        settings.learningRate = 0.01
        var sizes: [Int] = []
        var notes: [String] = []
        let lab = AccumulationLab(settings) { title, records in
            sizes.append(records.reduce(0) { $0 + $1.json.count })
            let document = TraceDocument(records)
            #expect(document.nodes.count <= 6 * AccumulationLab.recordedPasses)
            for event in document.events {
                if case .note(let note) = event.body { notes.append(note.text) }
            }
            return title
        }
        let result = lab.run(), plain = AccumulationLab(settings).run()
        #expect(result.bug.steps == plain.bug.steps && result.correct.steps == plain.correct.steps)
        #expect(result.reference.steps == plain.reference.steps && plain.bug.trace == nil)
        #expect(result.bug.recorded == 6 && result.correct.recorded == 6)
        #expect(result.reference.recorded == nil && result.bug.steps.count == 30)
        #expect(notes.count == 2 && notes.allSatisfy { $0.contains("ends with step 6") })
        #expect(sizes.count == 3 && sizes.allSatisfy { $0 < 3 << 20 }, "\(sizes)")
    }

    @Test("a run whose time is used up says where it stopped, in each column")
    func late() {
        var questions = 0
        let result = AccumulationLab(AccumulationSettings()).run {
            questions += 1
            return questions > 3
        }
        #expect(result.bug.steps.count == 3 && result.correct.steps.isEmpty)
        #expect(result.bug.stopped?.hasPrefix("Stopped before step 4: the run took") == true)
        #expect(result.correct.stopped?.hasPrefix("Stopped before step 1: the run took") == true)
    }

    @Test("the latest traces of the lab stay, beside the other traces of the start")
    func eviction() async throws {
        let client = StudioClient()
        var first: [String] = []
        for run in 0..<22 {
            let body = try await client.post("/api/accumulate", #"{"steps":1}"#).object
            let ids = try ["bug", "correct", "reference"].map { name in
                try #require((body[name] as? [String: Any])?["trace"] as? String)
            }
            if run == 0 { first = ids }
            for id in ids { #expect(await client.get("/api/traces/\(id)").status == 200) }
        }
        // 66 were made, and 64 stay.
        let statuses = [
            await client.get("/api/traces/\(first[0])").status,
            await client.get("/api/traces/\(first[1])").status,
            await client.get("/api/traces/\(first[2])").status,
        ]
        #expect(statuses == [404, 404, 200])
        #expect(client.core.catalog.list().count == TraceCatalog.madeLimit)
    }
}
