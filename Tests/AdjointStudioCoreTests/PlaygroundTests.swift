import Adjoint
import Foundation
import Testing

@testable import AdjointStudioCore

/// Training in the browser: what is trained is what the library trains.
@Suite struct PlaygroundTests {
    private func settings(_ shape: PlaygroundPoints.Shape = .clusters) -> PlaygroundSettings {
        PlaygroundSettings(
            points: PlaygroundPoints(shape, count: 60, noise: 0.1, seed: 3), hidden: [8],
            activation: .tanh, optimizer: .adam, learningRate: 0.05, batchSize: 16, seed: 5,
            isPaused: true)
    }

    @Test("a network learns the points, and equal seeds give equal numbers")
    func learns() {
        for shape in PlaygroundPoints.Shape.allCases where shape != .spiral {
            var first = PlaygroundTrainer(settings(shape)),
                second = PlaygroundTrainer(settings(shape))
            for _ in 0..<300 { #expect(first.takeStep() == second.takeStep()) }
            #expect(first.accuracy() > 0.93, "\(shape): \(first.accuracy())")
            #expect(first.map() == second.map() && first.map().count == 48 * 48)
        }
    }

    @Test("the map is what the network says at the middle of each cell")
    func map() {
        var trainer = PlaygroundTrainer(settings())
        for _ in 0..<50 { _ = trainer.takeStep() }
        let side = PlaygroundTrainer.side
        // The second cell of the top row.
        let point = Tensor([[Float(1.5) / Float(side) * 2 - 1, 1 - 0.5 / Float(side) * 2]])
        let chance: Float = noGrad { trainer.model(point).sigmoid() * 255 }.item()
        #expect(abs(Float(trainer.map()[1]) - chance) <= 0.51)
    }

    @Test("a run waits, takes single steps, goes on and stops")
    func session() async throws {
        let session = PlaygroundSession(id: "train:1", settings())
        func step() -> Int { session.frame(after: 0)?.frame.step ?? -1 }
        func wait(_ isThere: () -> Bool) async throws {
            while !isThere() { try await Task.sleep(for: .milliseconds(2)) }
        }
        session.takeStep()
        session.takeStep()
        try await wait { step() == 2 }
        #expect(session.currentState == .paused)
        session.resume()
        try await wait { step() > 5 }
        session.pause()
        #expect(session.currentState == .paused)
        session.stop()
        session.resume()
        #expect(session.currentState == .stopped && session.isOver)
        let lines = session.log.lines(from: 0, limit: 3).lines.map {
            String(decoding: $0, as: UTF8.self)
        }
        #expect(lines[1].contains("\"name\":\"loss\"") && lines[2].contains("\"accuracy\""))
    }

    @Test("a loss that is no number ends the run with words")
    func diverges() async throws {
        var settings = settings()
        settings.optimizer = .sgd
        settings.activation = .relu
        settings.learningRate = 10
        settings.points = PlaygroundPoints(
            settings.points.points.map { .init(x: $0.x * 2, y: $0.y * 2, label: $0.label) })
        settings.isPaused = nil
        settings.hidden = [64, 64, 64, 64]
        let session = PlaygroundSession(id: "train:1", settings)
        while !session.isOver { try await Task.sleep(for: .milliseconds(5)) }
        let frame = try #require(session.frame(after: 0)?.frame)
        #expect(
            frame.state == .failed && frame.note?.contains("lower the learning rate") == true
                || frame.state == .finished)
    }

    @Test("settings and points that cannot be used are refused with words")
    func refuses() async throws {
        let client = StudioClient()
        func message(_ change: (inout [String: Any]) -> Void) async throws -> (Int, String) {
            let data = try StudioJSON.data(settings())
            var object = try #require(
                JSONSerialization.jsonObject(with: data) as? [String: Any])
            change(&object)
            let body = try JSONSerialization.data(withJSONObject: object)
            let response = await client.post("/api/train", String(decoding: body, as: UTF8.self))
            return (response.status, try response.object["message"] as? String ?? "")
        }
        #expect(try await message { $0["hidden"] = [100] }.1.contains("1 to 64 units"))
        #expect(try await message { $0["learningRate"] = -1 }.1.contains("above 0"))
        #expect(try await message { $0["points"] = [[0, 0, 1]] }.1.contains("both classes"))
        #expect(
            try await message { $0["points"] = [[0, 0, 0], [0, 9, 1]] }.1.contains("from -2 to 2"))
        #expect(try await message { $0["points"] = 3 }.0 == 400)
        #expect(try await message { $0["optimizer"] = "x" }.0 == 400)
        #expect(try await message { $0["seed"] = nil }.1.contains("'seed' is missing"))
        #expect(try await message { _ in }.0 == 201)
    }

    @Test("points come from a table, and what is wrong with it is told by line")
    func table() throws {
        let points = try PlaygroundPoints(csv: "x,y,class\n0,10,red\n4,20,blue\n2,15,red\n").points
        #expect(points.map(\.label) == [1, 0, 1])
        #expect(points.map(\.x) == [-0.9, 0.9, 0] && points.map(\.y) == [-0.9, 0.9, 0])
        for (csv, words) in [
            ("1,2\n", "line 1 has 2 columns"), ("1,2,a\n1,x,b\n", "line 2 begins with no two"),
            ("1,2,a\n", "1 classes"), ("", "0 classes"),
        ] {
            let error = #expect(throws: StudioError.self) { try PlaygroundPoints(csv: csv) }
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
    }

    @Test("commands reach the run, and its frames are streamed to their end")
    func routes() async throws {
        let client = StudioClient()
        let body = String(decoding: try StudioJSON.data(settings()), as: UTF8.self)
        let id = try #require(try await client.post("/api/train", body).object["id"] as? String)
        for command in ["step", "resume", "pause", "stop"] {
            #expect(await client.post("/api/train/\(id)/\(command)", "{}").status == 200)
        }
        #expect(await client.post("/api/train/\(id)/jump", "{}").status == 404)
        #expect(await client.post("/api/train/train:99/stop", "{}").status == 404)
        let text = await client.get("/api/train/\(id)/events").text()
        #expect(text.contains("event: frame\ndata: {\"accuracy\":["))
        #expect(text.hasSuffix("event: end\ndata: stopped\n\n"))
    }
}
