import Foundation

extension StudioCore {
    /// The pages: one shell for all, whose script shows what the address says.
    var pageRoutes: [StudioRoute] {
        let shell = [
            "", "graph/**", "accumulate", "train", "curves", "curves/**", "memory/**", "doctor/**",
            "compare", "learn", "learn/**", "quiz", "exercises", "exercises/**", "help",
        ]
        return shell.map { StudioRoute("GET", $0) { [self] _, _ in page() } } + [
            StudioRoute("GET", "assets/**") { [self] request, parts in
                try assets.response(parts.joined(separator: "/"), to: request)
            },
            StudioRoute("GET", "favicon.ico") { [self] request, _ in
                try assets.response("mark.svg", to: request)
            },
        ]
    }

    /// The shell, with this start's token.
    func page(status: Int = 200) -> StudioResponse {
        guard let data = assets["index.html"] else {
            return StudioError(500, "internal", "the pages are missing").response
        }
        let token = "<meta name=\"adjoint-token\" content=\"\(gate.token)\">"
        let text = String(decoding: data, as: UTF8.self)
            .replacing("</head>", with: token + "\n</head>", maxReplacements: 1)
        return StudioResponse(
            .bytes(Data(text.utf8), type: "text/html; charset=utf-8"), status: status)
    }
}
