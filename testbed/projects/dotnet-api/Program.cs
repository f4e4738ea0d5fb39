var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => "orders");
app.Run("http://0.0.0.0:8080");
