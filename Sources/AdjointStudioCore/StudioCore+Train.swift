import Foundation

extension StudioCore {
    /// The playground: points, runs, what a run does next.
    var trainRoutes: [StudioRoute] {
        [
            StudioRoute("GET", "api/points") { request, _ in
                .json(["points": try Self.points(request)])
            },
            StudioRoute("POST", "api/points") { request, _ in
                struct Body: Decodable { let csv: String }
                let body = try StudioJSON.value(Body.self, from: request.body)
                return .json(["points": try PlaygroundPoints(csv: body.csv)])
            },
            StudioRoute("POST", "api/train") { [self] request, _ in
                let settings = try StudioJSON.value(PlaygroundSettings.self, from: request.body)
                try settings.check()
                return .json(["id": playground.start(settings).id], status: 201)
            },
            StudioRoute("GET", "api/train/*/events") { [self] _, parts in
                PlaygroundEvents(try session(parts[0]), ending: ending).response
            },
            StudioRoute("POST", "api/train/*/*") { [self] _, parts in
                let session = try session(parts[0])
                switch parts[1] {
                case "pause": session.pause()
                case "resume": session.resume()
                case "step": session.takeStep()
                case "stop": session.stop()
                default:
                    throw StudioError.notFound(
                        "command '\(parts[1])'; there are pause, resume, step and stop")
                }
                return .json(["state": session.currentState])
            },
        ]
    }

    private func session(_ id: String) throws -> PlaygroundSession {
        guard let session = playground.session(id) else {
            throw StudioError.notFound("run called '\(id)' any more; start another")
        }
        return session
    }

    private static func points(_ request: StudioRequest) throws -> PlaygroundPoints {
        let names = PlaygroundPoints.Shape.allCases.map(\.rawValue)
        guard let shape = PlaygroundPoints.Shape(rawValue: request.parameter("shape") ?? "circles")
        else {
            throw StudioError(
                422, "points",
                "there is no such shape; the shapes are "
                    + names.joined(separator: ", "))
        }
        let count = request.parameter("count").map { Int($0) ?? -1 } ?? 200
        let noise = request.parameter("noise").map { Double($0) ?? -1 } ?? 0.08
        let seed = request.parameter("seed").map { Int($0) ?? -1 } ?? 7
        guard (2...PlaygroundPoints.limit).contains(count), (0...1).contains(noise),
            (0...1 << 31).contains(seed)
        else {
            throw StudioError(
                422, "points",
                "give a count from 2 to \(PlaygroundPoints.limit), a noise from 0 "
                    + "to 1 and a seed from 0")
        }
        return PlaygroundPoints(shape, count: count, noise: noise, seed: seed)
    }
}
