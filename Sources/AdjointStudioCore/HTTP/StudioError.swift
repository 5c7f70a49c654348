import Foundation

/// A request that is not granted, as the page shows it.
struct StudioError: Error, Sendable, Equatable {
    /// The HTTP status.
    var status: Int
    /// A word for programs: "not-found".
    var code: String
    /// What is wrong, what was expected, what to do.
    var message: String
    /// Places in an expression.
    var errors: [ExpressionError]

    init(_ status: Int, _ code: String, _ message: String, errors: [ExpressionError] = []) {
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
    }

    static func notFound(_ what: String) -> StudioError {
        StudioError(404, "not-found", "there is no \(what)")
    }

    private struct Body: Encodable {
        let error: String
        let message: String
        let errors: [ExpressionError]?
    }

    var response: StudioResponse {
        let body = Body(error: code, message: message, errors: errors.isEmpty ? nil : errors)
        let data = (try? StudioJSON.data(body)) ?? Data("{}".utf8)
        return StudioResponse(.json(data), status: status)
    }
}
