import Foundation

extension StudioCore {
    /// Answers to exercises, and the claims of lessons computed anew.
    var lessonRoutes: [StudioRoute] {
        [
            StudioRoute("POST", "api/check/*") { request, parts in
                guard let exercise = Exercise(rawValue: parts[0]) else {
                    throw StudioError.notFound("exercise called '\(parts[0])'")
                }
                let answer = try StudioJSON.value(ExerciseAnswer.self, from: request.body)
                return .json(exercise.verdict(on: answer))
            },
            StudioRoute("GET", "api/claims/*") { _, parts in
                let values = try LessonProof.values(of: parts[0])
                guard !values.isEmpty else {
                    throw StudioError.notFound("lesson called '\(parts[0])'")
                }
                return .json(values)
            },
        ]
    }
}
