<?php
namespace Blog;

class Home
{
    public function page(): string
    {
        return '<h1>Blog</h1>';
    }
}
